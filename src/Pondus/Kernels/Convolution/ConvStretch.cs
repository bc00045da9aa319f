namespace Pondus.Kernels;

/// <summary>Output columns that see the same taps of a kernel row inside the image.</summary>
internal readonly record struct ConvStretch(int Begin, int End, int FirstTap, int Taps)
{
    /// <summary>Most stretches that <see cref="Find"/> writes.</summary>
    public static int Most(in ConvGeometry g) => (2 * g.KernelWidth) + 1;

    /// <summary>Writes the stretches of a row, in order.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="together">Whether neighboring taps form one stretch; otherwise each tap has its own.</param>
    /// <param name="stretches">Receives them.</param>
    /// <returns>How many there are.</returns>
    public static int Find(in ConvGeometry g, bool together, Span<ConvStretch> stretches)
    {
        int count = 0;
        for (int kx = 0; !together && kx < g.KernelWidth; kx++)
        {
            int begin = Math.Max(0, (g.PadLeft - (kx * g.DilationX) + g.StrideX - 1) / g.StrideX), room = g.InWidth - 1 + g.PadLeft - (kx * g.DilationX);
            int end = room < 0 ? 0 : Math.Min(g.OutWidth, (room / g.StrideX) + 1);
            if (begin < end)
            {
                stretches[count++] = new(begin, end, kx, 1);
            }
        }

        for (int ox = 0; together && ox < g.OutWidth; ox++)
        {
            int left = (ox * g.StrideX) - g.PadLeft, first = Math.Max(0, -left), taps = Math.Min(g.KernelWidth, g.InWidth - left) - first;
            if (taps <= 0)
            {
                continue;
            }

            if (count > 0 && stretches[count - 1] is ConvStretch last && last.End == ox && last.FirstTap == first && last.Taps == taps)
            {
                stretches[count - 1] = last with { End = ox + 1 };
            }
            else
            {
                stretches[count++] = new(ox, ox + 1, first, taps);
            }
        }

        return count;
    }
}
