namespace Pondus.Layers;

/// <summary>Long short-term memory: gates decide what a cell keeps, takes in and shows.</summary>
/// <remarks>
/// <para>Formula: i, f, o = σ(W x + b + U h + c), g = tanh(W x + b + U h + c), each gate with its own rows; cell ← f cell + i g; h ← o tanh(cell).</para>
/// <para>Shape: x (batch, time, in) to y (batch, time, directions hidden); without batchFirst time and batch change places. States (layers directions, batch, hidden).</para>
/// <para>Parameters, by layer k and with <c>_reverse</c> for the second direction: <c>weight_ih_lk</c> (4 hidden, in), <c>weight_hh_lk</c> (4 hidden, hidden), <c>bias_ih_lk</c> and <c>bias_hh_lk</c> (4 hidden); rows in the order i, f, g, o. Start: uniform within ±1/√hidden.</para>
/// <para>Memory while training: 6 hidden + in floats for each sample, step and direction. Differs from PyTorch: the batch is the first axis unless told otherwise.</para>
/// <para>Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.</para>
/// </remarks>
public sealed class Lstm : Recurrent
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last axis, at least 1.</param>
    /// <param name="hiddenSize">Hidden units of a direction, at least 1.</param>
    /// <param name="random">Source of the starting values, and of the dropout's key.</param>
    /// <param name="layers">Number of layers, at least 1.</param>
    /// <param name="useBias">Whether the biases are there.</param>
    /// <param name="batchFirst">Whether input and output are (batch, time, ...) rather than (time, batch, ...).</param>
    /// <param name="dropout">Share of values set to zero between layers while training, in [0, 1).</param>
    /// <param name="bidirectional">Whether a second set of weights reads the sequence from its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Lstm(int inFeatures, int hiddenSize, RandomSource random, int layers = 1, bool useBias = true, bool batchFirst = true, float dropout = 0f, bool bidirectional = false)
        : base(nameof(Lstm), 4, RecurrentWeights.Lstm, inFeatures, hiddenSize, random, layers, useBias, batchFirst, dropout, bidirectional)
    {
    }

    /// <summary>Computes the outputs from given states, and the states after the last step.</summary>
    /// <param name="x">The input.</param>
    /// <param name="initial">The states at the start, or null for 0.</param>
    /// <param name="final">The states after each sample's last step.</param>
    /// <param name="lengths">Steps of each sample, from 1 to all; empty for all.</param>
    /// <returns>The outputs; 0 beyond a sequence's end.</returns>
    /// <exception cref="ShapeException">A shape or a length does not fit.</exception>
    public Tensor Forward(Tensor x, LstmState? initial, out LstmState final, ReadOnlySpan<int> lengths = default)
    {
        LstmState start = initial ?? default;
        Tensor y = Run(x, start.Hidden, start.Cell, lengths, wantsHidden: true, wantsCell: true, out Tensor hidden, out Tensor cell);
        final = new LstmState(hidden, cell);
        return y;
    }
}
