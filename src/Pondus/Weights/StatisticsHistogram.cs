namespace Pondus.Weights;

/// <summary>Turns the fine histogram, whose bins are a sixteenth of an octave wide, into bins of one width.</summary>
internal static class StatisticsHistogram
{
    /// <summary>Bins that <see cref="WeightStatistics.Histogram"/> has.</summary>
    public const int Bins = 32;

    /// <summary>Spreads the fine counts evenly over what each bin covers, within the range.</summary>
    public static long[] Spread(ReadOnlySpan<long> fine, double min, double max)
    {
        long[] counts = new long[Bins];
        // Halves, since the difference of two float64 may overflow.
        double width = (max / Bins) - (min / Bins);
        if (!(width > 0) || !double.IsFinite(width))
        {
            long total = 0;
            foreach (long count in fine)
            {
                total += count;
            }

            counts[Bins / 2] = total;
            return counts;
        }

        double[] below = new double[Bins + 1];
        for (int bin = 0; bin < fine.Length; bin++)
        {
            if (fine[bin] > 0)
            {
                AddBelow(below, bin, fine[bin], min, max, width);
            }
        }

        for (int i = 0; i < Bins; i++)
        {
            // Differences of rounded sums add up to the whole count.
            counts[i] = (long)Math.Round(below[i + 1]) - (long)Math.Round(below[i]);
        }

        return counts;
    }

    /// <summary>Adds to each edge how many values of a fine bin lie below it.</summary>
    private static void AddBelow(double[] below, int bin, long count, double min, double max, double width)
    {
        (double low, double high, bool isNegative) = StatisticsKernel.FineBin(bin);
        double from = Math.Clamp(isNegative ? -high : low, min, max), to = Math.Clamp(isNegative ? -low : high, min, max);
        for (int i = Bins; i > 0; i--)
        {
            double edge = i == Bins ? max : min + (i * width);
            if (to < edge || (to == edge && (from < to || i == Bins)))
            {
                below[i] += count;
            }
            else if (from < edge)
            {
                below[i] += count * ((edge - from) / (to - from));
            }
            else
            {
                break;
            }
        }
    }
}
