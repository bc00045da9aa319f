namespace Pondus.Layers;

/// <summary>Gated recurrent unit: one gate mixes the old state with a new one, another decides what the new one sees of the old.</summary>
/// <remarks>
/// <para>Formula: r, z = σ(W x + b + U h + c), n = tanh(W x + b + r (U h + c)), each with its own rows; h ← (1 - z) n + z h.</para>
/// <para>Shape: x (batch, time, in) to y (batch, time, directions hidden); without batchFirst time and batch change places. States (layers directions, batch, hidden).</para>
/// <para>Parameters, by layer k and with <c>_reverse</c> for the second direction: <c>weight_ih_lk</c> (3 hidden, in), <c>weight_hh_lk</c> (3 hidden, hidden), <c>bias_ih_lk</c> and <c>bias_hh_lk</c> (3 hidden); rows in the order r, z, n. Start: uniform within ±1/√hidden.</para>
/// <para>Memory while training: 5 hidden + in floats for each sample, step and direction. Differs from PyTorch: the batch is the first axis unless told otherwise. Differs from the paper, as PyTorch does: r multiplies U h + c, not h.</para>
/// <para>Source: Cho et al. 2014, arXiv:1406.1078.</para>
/// </remarks>
public sealed class Gru : Recurrent
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
    public Gru(int inFeatures, int hiddenSize, RandomSource random, int layers = 1, bool useBias = true, bool batchFirst = true, float dropout = 0f, bool bidirectional = false)
        : base(nameof(Gru), 3, RecurrentWeights.Gru, inFeatures, hiddenSize, random, layers, useBias, batchFirst, dropout, bidirectional)
    {
    }

    /// <summary>Computes the outputs from given states, and the states after the last step.</summary>
    /// <param name="x">The input.</param>
    /// <param name="initial">The hidden states at the start, or null for 0.</param>
    /// <param name="final">The hidden states after each sample's last step.</param>
    /// <param name="lengths">Steps of each sample, from 1 to all; empty for all.</param>
    /// <returns>The outputs; 0 beyond a sequence's end.</returns>
    /// <exception cref="ShapeException">A shape or a length does not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? initial, out Tensor final, ReadOnlySpan<int> lengths = default) =>
        Run(x, initial ?? default, default, lengths, wantsHidden: true, wantsCell: false, out final, out _);
}
