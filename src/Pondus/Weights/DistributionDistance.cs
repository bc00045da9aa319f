namespace Pondus.Weights;

/// <summary>Distances of two sets of values as distributions, whatever their order.</summary>
internal sealed class DistributionDistance
{
    private const int Bins = 64;

    /// <summary>Measures two sets of one size, which it sorts; no value may be NaN or infinite.</summary>
    public DistributionDistance(Span<double> a, Span<double> b)
    {
        a.Sort();
        b.Sort();
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        Wasserstein = sum / a.Length;
        KolmogorovSmirnov = Weights.KolmogorovSmirnov.Statistic(a, b);
        Probability = Weights.KolmogorovSmirnov.Probability(KolmogorovSmirnov, a.Length, b.Length);
        double low = Math.Min(a[0], b[0]), high = Math.Max(a[^1], b[^1]);
        double[] shareA = Shares(a, low, high), shareB = Shares(b, low, high);
        for (int i = 0; i < Bins; i++)
        {
            double middle = (shareA[i] + shareB[i]) / 2;
            KullbackLeibler += shareA[i] * Math.Log(shareA[i] / shareB[i]);
            KullbackLeiblerBack += shareB[i] * Math.Log(shareB[i] / shareA[i]);
            JensenShannon += ((shareA[i] * Math.Log(shareA[i] / middle)) + (shareB[i] * Math.Log(shareB[i] / middle))) / 2;
        }
    }

    public double Wasserstein { get; }

    public double KolmogorovSmirnov { get; }

    public double Probability { get; }

    public double KullbackLeibler { get; }

    public double KullbackLeiblerBack { get; }

    public double JensenShannon { get; }

    // Counts between the edges of NumPy's linspace; a bin has its left edge, the last has both. Equal edges widen as NumPy's do.
    private static double[] Shares(ReadOnlySpan<double> sorted, double low, double high)
    {
        (low, high) = low == high ? (low - 0.5, high + 0.5) : (low, high);
        double step = (high - low) / Bins;
        double[] shares = new double[Bins];
        int before = 0;
        for (int bin = 1; bin <= Bins; bin++)
        {
            int upTo = bin == Bins ? sorted.Length : LowerBound(sorted, (bin * step) + low);
            shares[bin - 1] = (upTo - before + 1.0) / (sorted.Length + Bins);
            before = upTo;
        }

        return shares;
    }

    private static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
