namespace Pondus.Benchmarks;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>A quantile of sorted values; between two of them, the middle one counts half for each.</summary>
    public static double Quantile(double[] sorted, double part)
    {
        double at = part * (sorted.Length - 1);
        int low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }
}
