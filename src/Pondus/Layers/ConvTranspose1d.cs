namespace Pondus.Layers;

/// <summary>Transposed convolution over signals, the gradient of <see cref="Conv1d"/> by its input: it spreads each value of x over a window of y.</summary>
/// <remarks>
/// <para>y[n, o, i stride - padding + u dilation] += weight[c, o, u] x[n, c, i], plus bias[o].</para>
/// <para>Shape: x (batch, in, length), or (in, length) for one signal, to y (batch, out, length'), where
/// length' = (length - 1) stride - 2 padding + dilation (kernel - 1) + output padding + 1.</para>
/// <para>Parameters: <c>weight</c> (in, out / groups, kernel), <c>bias</c> (out).</para>
/// <para>Start: both uniform within ±1/√(out / groups · kernel), as in PyTorch, unless another is given.</para>
/// <para>Source: Dumoulin and Visin 2016, arXiv:1603.07285.</para>
/// </remarks>
public sealed class ConvTranspose1d : Convolution
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">Channels of the input, at least 1.</param>
    /// <param name="outChannels">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Length of the window, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1.</param>
    /// <param name="padding">Values that are cut off at both ends.</param>
    /// <param name="outputPadding">Values added at the end; below the stride or the dilation.</param>
    /// <param name="dilation">Distance of the values that a window writes, at least 1.</param>
    /// <param name="groups">Parts of the channels; divides both channel counts.</param>
    /// <param name="useBias">Whether the bias is there.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <param name="biasInitializer">Start of the bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public ConvTranspose1d(
        int inChannels,
        int outChannels,
        int kernelSize,
        RandomSource random,
        int stride = 1,
        int padding = 0,
        int outputPadding = 0,
        int dilation = 1,
        int groups = 1,
        bool useBias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
        : base(TransposedSettings(1, inChannels, outChannels, kernelSize, stride, padding, outputPadding, dilation, groups), random, useBias, weightInitializer, biasInitializer)
    {
    }
}
