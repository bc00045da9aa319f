namespace Pondus.Layers;

/// <summary>Convolution over images: each value of y is the sum of weight times x over a window, plus a bias.</summary>
/// <remarks>
/// <para>y[n, o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] x[n, c, i stride - padding + u dilation, j stride - padding + v dilation]; x is 0 outside.</para>
/// <para>Shape: x (batch, in, height, width), or (in, height, width) for one image, to y (batch, out, height', width'), where
/// height' = floor((height + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.</para>
/// <para>Parameters: <c>weight</c> (out, in / groups, kernel height, kernel width), <c>bias</c> (out).</para>
/// <para>With groups, channels fall into so many parts that do not see each other; as many groups as channels is a depthwise convolution.</para>
/// <para>Start: both uniform within ±1/√(in / groups · kernel height · kernel width) unless another is given.</para>
/// <para>Source: LeCun et al., Proc. IEEE 86, 1998; dilation: Yu and Koltun 2016, arXiv:1511.07122.</para>
/// </remarks>
public sealed class Conv2d : Convolution
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">Channels of the input, at least 1.</param>
    /// <param name="outChannels">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Size of the window, at least 1: <c>3</c> or <c>(3, 5)</c>.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1; 1 if not given.</param>
    /// <param name="padding">Zeros around the image: a number, a pair, or <see cref="Padding.Same"/>.</param>
    /// <param name="dilation">Distance of the values that a window takes, at least 1; 1 if not given.</param>
    /// <param name="groups">Parts of the channels; divides both channel counts.</param>
    /// <param name="useBias">Whether the bias is there.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <param name="biasInitializer">Start of the bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public Conv2d(
        int inChannels,
        int outChannels,
        Size2d kernelSize,
        RandomSource random,
        Size2d? stride = null,
        Padding padding = default,
        Size2d? dilation = null,
        int groups = 1,
        bool useBias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
        : base(Settings(2, inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups), random, useBias, weightInitializer, biasInitializer)
    {
    }
}
