namespace Pondus.Layers;

/// <summary>Transposed convolution over images, the gradient of <see cref="Conv2d"/> by its input: it spreads each value of x over a window of y.</summary>
/// <remarks>
/// <para>y[n, o, i stride - padding + u dilation, j stride - padding + v dilation] += weight[c, o, u, v] x[n, c, i, j], plus bias[o].</para>
/// <para>Shape: x (batch, in, height, width), or (in, height, width) for one image, to y (batch, out, height', width'), where
/// height' = (height - 1) stride - 2 padding + dilation (kernel - 1) + output padding + 1.</para>
/// <para>Parameters: <c>weight</c> (in, out / groups, kernel height, kernel width), <c>bias</c> (out).</para>
/// <para>Start: both uniform within ±1/√(out / groups · kernel height · kernel width), as in PyTorch, unless another is given.</para>
/// <para>Source: Zeiler et al., CVPR 2010; Dumoulin and Visin 2016, arXiv:1603.07285.</para>
/// </remarks>
public sealed class ConvTranspose2d : Convolution
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">Channels of the input, at least 1.</param>
    /// <param name="outChannels">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Size of the window, at least 1: <c>3</c> or <c>(3, 5)</c>.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1; 1 if not given.</param>
    /// <param name="padding">Rows and columns that are cut off on each side: a number or a pair.</param>
    /// <param name="outputPadding">Rows and columns added below and right; below the stride or the dilation.</param>
    /// <param name="dilation">Distance of the values that a window writes, at least 1; 1 if not given.</param>
    /// <param name="groups">Parts of the channels; divides both channel counts.</param>
    /// <param name="useBias">Whether the bias is there.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <param name="biasInitializer">Start of the bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public ConvTranspose2d(
        int inChannels,
        int outChannels,
        Size2d kernelSize,
        RandomSource random,
        Size2d? stride = null,
        Size2d padding = default,
        Size2d outputPadding = default,
        Size2d? dilation = null,
        int groups = 1,
        bool useBias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
        : base(TransposedSettings(2, inChannels, outChannels, kernelSize, stride ?? 1, padding, outputPadding, dilation ?? 1, groups), random, useBias, weightInitializer, biasInitializer)
    {
    }
}
