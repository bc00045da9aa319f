namespace Pondus.Layers;

/// <summary>The mean of each window of signals, channel by channel.</summary>
/// <remarks>
/// <para>Shape: (batch, C, length) to (batch, C, length'), where length' = floor((length + 2 padding - kernel) / stride) + 1; ceil mode rounds up.</para>
/// <para>Source: LeCun et al., Proc. IEEE 86, 1998.</para>
/// </remarks>
public sealed class AvgPool1d : WindowPooling
{
    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">Size of the window, at least 1.</param>
    /// <param name="stride">Distance of neighboring windows, at least 1; that of the kernel's size if not given.</param>
    /// <param name="padding">Places around the input that windows may reach into, at most half the window.</param>
    /// <param name="ceilMode">Whether a last window that reaches beyond the input counts.</param>
    /// <param name="countPadding">Whether places of the padding count as zeros; else the mean is that of the window's values alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public AvgPool1d(int kernelSize, int? stride = null, int padding = 0, bool ceilMode = false, bool countPadding = true)
        : base(image: false, average: true, (1, kernelSize), stride is { } s ? (1, s) : null, (0, padding), (1, 1), ceilMode, countPadding)
    {
    }
}
