namespace Pondus.Layers;

/// <summary>The largest value of each window of images, channel by channel.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C, height', width'), where height' = floor((height + 2 padding - dilation (kernel - 1) - 1) / stride) + 1; ceil mode rounds up.</para>
/// <para>NaN wins. The gradient goes to the largest value, to the first of equal ones.</para>
/// <para>Source: Jarrett et al., ICCV 2009; strided windows: Krizhevsky, Sutskever and Hinton, NIPS 2012.</para>
/// </remarks>
public sealed class MaxPool2d : WindowPooling
{
    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">Size of the window, at least 1: <c>2</c> or <c>(2, 3)</c>.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1; that of the kernel's size if not given.</param>
    /// <param name="padding">Places around the input that windows may reach into, at most half the window.</param>
    /// <param name="dilation">Distance of the values that a window takes, at least 1; 1 if not given.</param>
    /// <param name="ceilMode">Whether a last window that reaches beyond the input counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public MaxPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null, bool ceilMode = false)
        : base(image: true, average: false, kernelSize, stride, padding, dilation ?? 1, ceilMode)
    {
    }

    /// <summary>Gets a value indicating whether this is the usual pooling: windows of two by two places side by side.</summary>
    internal bool IsTwoByTwo => KernelSize == 2 && Stride == 2 && PaddingSize == 0 && Dilation == 1 && !CeilMode;
}
