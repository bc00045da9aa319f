namespace Pondus.Kernels;

/// <summary>The windows of a pooling along one axis.</summary>
/// <param name="Input">Size of the input.</param>
/// <param name="Output">Number of windows.</param>
/// <param name="Kernel">Places of a window; 0 spreads the windows evenly, as adaptive poolings do.</param>
/// <param name="Stride">Distance of windows.</param>
/// <param name="Padding">Places in front of the first.</param>
/// <param name="Dilation">Distance of the places of a window.</param>
internal readonly record struct PoolAxis(int Input, int Output, int Kernel, int Stride, int Padding, int Dilation)
{
    /// <summary>Gets a value indicating whether no place belongs to two windows and none outside belongs to any.</summary>
    public bool IsTiling => Kernel > 0 && Kernel <= Stride && Padding == 0 && Dilation == 1 && ((Output - 1) * Stride) + Kernel <= Input;

    /// <summary>An axis whose windows are spread evenly.</summary>
    public static PoolAxis Adaptive(int input, int output) => new(input, output, 0, 1, 0, 1);

    /// <summary>Tells which places of the input a window has.</summary>
    /// <param name="window">Its number.</param>
    /// <param name="first">The first place.</param>
    /// <returns>How many there are, a dilation apart.</returns>
    public int Places(int window, out int first)
    {
        if (Kernel == 0)
        {
            first = (int)((long)window * Input / Output);
            return (int)((((long)(window + 1) * Input) + Output - 1) / Output) - first;
        }

        int start = (window * Stride) - Padding, skipped = start < 0 ? (Dilation - 1 - start) / Dilation : 0;
        first = start + (skipped * Dilation);
        return Math.Max(0, Math.Min(Kernel - skipped, (Input - first + Dilation - 1) / Dilation));
    }

    /// <summary>Tells by how many places the mean of a window divides when padding counts: those of the padding, but none beyond it.</summary>
    public int Extent(int window)
    {
        int start = (window * Stride) - Padding;
        return Kernel == 0 ? Places(window, out _) : Math.Min(start + Kernel, Input + Padding) - start;
    }
}
