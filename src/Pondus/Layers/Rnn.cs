namespace Pondus.Layers;

/// <summary>The simple recurrent layer: h ← tanh(W x + b + U h + c), or max(0, ...) instead of tanh.</summary>
/// <remarks>
/// <para>Shape: x (batch, time, in) to y (batch, time, directions hidden); without batchFirst time and batch change places. States (layers directions, batch, hidden).</para>
/// <para>Parameters, by layer k and with <c>_reverse</c> for the second direction: <c>weight_ih_lk</c> (hidden, in), <c>weight_hh_lk</c> (hidden, hidden), <c>bias_ih_lk</c> and <c>bias_hh_lk</c> (hidden). Start: uniform within ±1/√hidden.</para>
/// <para>Memory while training: 2 hidden + in floats for each sample, step and direction. Differs from PyTorch: the batch is the first axis unless told otherwise.</para>
/// <para>Source: Elman 1990, "Finding structure in time".</para>
/// </remarks>
public sealed class Rnn : Recurrent
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
    /// <param name="relu">Whether max(0, ...) takes the place of tanh.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Rnn(int inFeatures, int hiddenSize, RandomSource random, int layers = 1, bool useBias = true, bool batchFirst = true, float dropout = 0f, bool bidirectional = false, bool relu = false)
        : base(nameof(Rnn), 1, relu ? RecurrentWeights.Relu : RecurrentWeights.Tanh, inFeatures, hiddenSize, random, layers, useBias, batchFirst, dropout, bidirectional) => IsRectified = relu;

    /// <summary>Gets a value indicating whether max(0, ...) takes the place of tanh.</summary>
    public bool IsRectified { get; }

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
