namespace Pondus.Layers;

/// <summary>Convolution over signals: each value of y is the sum of weight times x over a window, plus a bias.</summary>
/// <remarks>
/// <para>y[n, o, i] = bias[o] + sum over c, u of weight[o, c, u] x[n, c, i stride - padding + u dilation]; x is 0 outside.</para>
/// <para>Shape: x (batch, in, length), or (in, length) for one signal, to y (batch, out, length'), where
/// length' = floor((length + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.</para>
/// <para>Parameters: <c>weight</c> (out, in / groups, kernel), <c>bias</c> (out).</para>
/// <para>Start: both uniform within ±1/√(in / groups · kernel) unless another is given.</para>
/// <para>Source: Waibel et al., IEEE ASSP 37, 1989.</para>
/// </remarks>
public sealed class Conv1d : Convolution
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">Channels of the input, at least 1.</param>
    /// <param name="outChannels">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Length of the window, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1.</param>
    /// <param name="padding">Zeros at both ends: a number or <see cref="Padding.Same"/>.</param>
    /// <param name="dilation">Distance of the values that a window takes, at least 1.</param>
    /// <param name="groups">Parts of the channels; divides both channel counts.</param>
    /// <param name="useBias">Whether the bias is there.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <param name="biasInitializer">Start of the bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public Conv1d(
        int inChannels,
        int outChannels,
        int kernelSize,
        RandomSource random,
        int stride = 1,
        Padding padding = default,
        int dilation = 1,
        int groups = 1,
        bool useBias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
        : base(Settings(1, inChannels, outChannels, kernelSize, stride, padding, dilation, groups), random, useBias, weightInitializer, biasInitializer)
    {
    }
}
