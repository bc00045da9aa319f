using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>A power law fitted to the tail of the eigenvalues of W'W, as WeightWatcher does it.</summary>
/// <remarks>
/// <para>Formula: density x^-alpha from xmin on; alpha = 1 + n / sum ln(x / xmin) for each eigenvalue as xmin, and the one whose
/// distance D to the empirical distribution is least.</para>
/// <para>A convolution is taken position by position of its kernel: the singular values of all slices (out, in), each times
/// sqrt(1/2), form one spectrum. Eigenvalues up to 1e-5 stay out of the fit. Alphas from 2 to 6 are what well-trained layers show.</para>
/// <para>Source: Martin, Peng and Mahoney 2021, "Predicting trends in the quality of state-of-the-art neural networks without
/// access to training or testing data", Nature Communications 12; Clauset, Shalizi and Newman 2009; WeightWatcher 0.7.7 with its defaults.</para>
/// </remarks>
public sealed record SpectrumPowerLaw
{
    private const int FewestEigenvalues = 8;
    private const int MostEigenvalues = 15_000;
    private const int LongestSide = 50_000;
    private const int SmallSample = 20;
    private const double Threshold = 1e-5;
    private const double Epsilon = 2.220446049250313e-16;

    private SpectrumPowerLaw()
    {
    }

    /// <summary>Gets the number of eigenvalues.</summary>
    public int EigenvalueCount { get; private init; }

    /// <summary>Gets the exponent.</summary>
    public double Alpha { get; private init; }

    /// <summary>Gets the distance of Kolmogorov and Smirnov between the fit and the tail.</summary>
    public double Distance { get; private init; }

    /// <summary>Gets the standard error of the exponent.</summary>
    public double Sigma { get; private init; }

    /// <summary>Gets the eigenvalue at which the tail begins.</summary>
    public double XMin { get; private init; }

    /// <summary>Gets the largest eigenvalue.</summary>
    public double XMax { get; private init; }

    /// <summary>Gets the number of eigenvalues in the tail.</summary>
    public int SpikeCount { get; private init; }

    /// <summary>Gets alpha times the decimal logarithm of the largest eigenvalue.</summary>
    public double AlphaWeighted { get; private init; }

    /// <summary>Gets the decimal logarithm of the sum of eigenvalue^alpha.</summary>
    public double LogAlphaNorm { get; private init; }

    /// <summary>Gets the sum of the eigenvalues over the largest.</summary>
    public double StableRank { get; private init; }

    /// <summary>Gets the number of singular values beyond rounding.</summary>
    public int MatrixRank { get; private init; }

    /// <summary>Gets the entropy of the eigenvalues over the logarithm of the rank: 1 when they are all alike.</summary>
    public double Entropy { get; private init; }

    /// <summary>Gets <c>over-trained</c> for an exponent below 2, <c>under-trained</c> for one above 6, else nothing.</summary>
    public string Warning => Alpha < 2 ? "over-trained" : Alpha > 6 ? "under-trained" : "";

    /// <summary>Fits a tensor; null where WeightWatcher does not: other ranks than 2 and 4, too few or too many eigenvalues.</summary>
    internal static SpectrumPowerLaw? Of(WeightEntry entry, SpectrumMatrix matrix, double[] singular, CancellationToken cancellation)
    {
        bool isKernel = entry.Shape.Length == 4;
        if (!isKernel && entry.Shape.Length != 2)
        {
            return null;
        }

        long outputs = entry.Shape[0], inputs = entry.Shape[1], positions = isKernel ? entry.Shape[2] * entry.Shape[3] : 1;
        if (Math.Min(outputs, inputs) * positions is < FewestEigenvalues or > MostEigenvalues || Math.Max(outputs, inputs) > LongestSide)
        {
            return null;
        }

        double[][] slices = isKernel ? Slices(matrix.ReadAll(), (int)outputs, (int)inputs, (int)positions, cancellation) : [singular];
        double longer = Math.Max(outputs, inputs);
        int rank = slices.Sum(slice => slice.Count(s => s > slice[0] * longer * Epsilon));
        double[] eigenvalues = [.. slices.SelectMany(static slice => slice).Select(s => isKernel ? s * s / 2 : s * s).Order()];
        return Fit(eigenvalues, rank);
    }

    /// <summary>Fits ascending eigenvalues.</summary>
    internal static SpectrumPowerLaw? Fit(double[] eigenvalues, int rank)
    {
        double[] tail = [.. eigenvalues.Where(static x => x > Threshold)];
        if (tail.Length < FewestEigenvalues)
        {
            return null;
        }

        double[] logs = Array.ConvertAll(tail, Math.Log);
        double best = double.PositiveInfinity, bestAlpha = double.NaN;
        int bestStart = -1;
        double above = logs[^1];
        bool isSmall = tail.Length < SmallSample;
        for (int i = tail.Length - 2; i >= 0; i--)
        {
            int n = tail.Length - i;
            above += logs[i];
            double sum = above - (n * logs[i]), alpha = 1 + ((isSmall ? n - 1 : n) / sum);
            if (isSmall && n < FewestEigenvalues)
            {
                continue;
            }

            double distance = alpha > 1 && double.IsFinite(alpha) ? DistanceFrom(logs, i, alpha, best) : 1;
            // From the largest down, so that of equal ones the first in ascending order stays.
            if (distance <= best)
            {
                (best, bestAlpha, bestStart) = (distance, alpha, i);
            }
        }

        double largest = eigenvalues[^1], total = eigenvalues.Sum();
        return new SpectrumPowerLaw
        {
            EigenvalueCount = eigenvalues.Length,
            Alpha = bestAlpha,
            Distance = best,
            Sigma = (bestAlpha - 1) / Math.Sqrt(tail.Length - bestStart),
            XMin = tail[bestStart],
            XMax = largest,
            SpikeCount = tail.Count(x => x >= tail[bestStart]),
            AlphaWeighted = bestAlpha * Math.Log10(largest),
            LogAlphaNorm = Math.Log10(eigenvalues.Sum(x => Math.Pow(x, bestAlpha))),
            StableRank = total / largest,
            MatrixRank = rank,
            Entropy = -eigenvalues.Sum(x => ((x / total) + 1e-10) * Math.Log((x / total) + 1e-10)) / Math.Log(rank + 1e-10),
        };
    }

    /// <summary>The distance of the tail from a start to the power law; gives up, with the distance so far, beyond a limit.</summary>
    private static double DistanceFrom(double[] logs, int start, double alpha, double limit)
    {
        double largest = 0, count = logs.Length - start;
        for (int j = start; j < logs.Length && largest <= limit; j++)
        {
            largest = Math.Max(largest, Math.Abs(1 - Math.Exp((1 - alpha) * (logs[j] - logs[start])) - ((j - start) / count)));
        }

        return largest;
    }

    private static double[][] Slices(double[] kernel, int outputs, int inputs, int positions, CancellationToken cancellation)
    {
        double[][] all = new double[positions][];
        int rows = Math.Max(outputs, inputs), columns = Math.Min(outputs, inputs);
        double[] slice = new double[rows * columns];
        for (int p = 0; p < positions; p++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    slice[outputs >= inputs ? (o * columns) + i : (i * columns) + o] = kernel[(((o * inputs) + i) * positions) + p];
                }
            }

            SpectrumSolver solver = new(columns);
            solver.Add(slice, rows, cancellation);
            all[p] = solver.SingularValues(cancellation);
        }

        return all;
    }
}
