namespace Pondus.Layers;

/// <summary>The mean of each window of images, channel by channel.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C, height', width'), where height' = floor((height + 2 padding - kernel) / stride) + 1; ceil mode rounds up.</para>
/// <para>Source: LeCun et al., Proc. IEEE 86, 1998.</para>
/// </remarks>
public sealed class AvgPool2d : WindowPooling
{
    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">Size of the window, at least 1: <c>2</c> or <c>(2, 3)</c>.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1; that of the kernel's size if not given.</param>
    /// <param name="padding">Places around the input that windows may reach into, at most half the window.</param>
    /// <param name="ceilMode">Whether a last window that reaches beyond the input counts.</param>
    /// <param name="countPadding">Whether places of the padding count as zeros; else the mean is that of the window's values alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public AvgPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, bool ceilMode = false, bool countPadding = true)
        : base(image: true, average: true, kernelSize, stride, padding, 1, ceilMode, countPadding)
    {
    }
}
