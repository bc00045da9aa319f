using Pondus.Kernels;

namespace Pondus;

/// <summary>The windows of a pooling along one axis, for inputs of any size.</summary>
/// <param name="Kernel">Places of a window.</param>
/// <param name="Stride">Distance of windows.</param>
/// <param name="Padding">Places in front of the first and behind the last.</param>
/// <param name="Dilation">Distance of the places of a window.</param>
/// <param name="CeilMode">Whether a last window that reaches beyond the input counts.</param>
/// <param name="Count">Number of windows that are spread evenly instead; 0 for none.</param>
internal readonly record struct PoolWindows(int Kernel, int Stride, int Padding = 0, int Dilation = 1, bool CeilMode = false, int Count = 0)
{
    /// <summary>Gets windows that leave an axis as it is.</summary>
    public static PoolWindows Single => new(1, 1);

    /// <summary>Windows that are spread evenly.</summary>
    public static PoolWindows Even(int count) => new(0, 1, Count: count);

    /// <summary>The windows over an input of one size; none where they do not fit.</summary>
    public PoolAxis Over(int size)
    {
        if (Count > 0)
        {
            return PoolAxis.Adaptive(size, size == 0 ? 0 : Count);
        }

        int free = size + (2 * Padding) - (Dilation * (Kernel - 1)) - 1;
        int count = free < 0 ? 0 : ((free + (CeilMode ? Stride - 1 : 0)) / Stride) + 1;

        // A window must begin in the input or in the padding before it, as in PyTorch.
        count -= CeilMode && (count - 1) * Stride >= size + Padding ? 1 : 0;
        return new PoolAxis(size, count, Kernel, Stride, Padding, Dilation);
    }
}
