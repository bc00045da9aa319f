namespace Pondus.Metrics;

/// <summary>Share of the targets' variance that the prediction explains, apart from a constant error: 1 - Var(t - p) / Var(t).</summary>
/// <remarks>Range: 1 is perfect up to a constant, 0 is as good as any constant, negative is worse. Constant targets: NaN, as <see cref="RSquared"/>; scikit-learn says 0 or 1.</remarks>
public sealed class ExplainedVariance() : Metric(sumCount: 6)
{
    private const int Residual = 0;
    private const int ResidualSquares = 1;
    private const int Sum = 2;
    private const int Squares = 3;
    private const int Shift = 4;
    private const int Count = 5;

    /// <inheritdoc/>
    public override string Name => "explainedVariance";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double count = Sums[Count], residual = Sums[ResidualSquares] - (Sums[Residual] * Sums[Residual] / count), total = Sums[Squares] - (Sums[Sum] * Sums[Sum] / count);
            return count == 0 || total <= 0 ? double.NaN : 1 - (residual / total);
        }
    }

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(ExplainedVariance), out ReadOnlySpan<float> t);
        Span<double> sums = Sums;
        if (sums[Count] == 0 && t.Length > 0)
        {
            // Sums around the first target keep their digits when targets are far from zero.
            sums[Shift] = t[0];
        }

        for (int i = 0; i < t.Length; i++)
        {
            double residual = (double)t[i] - p[i], shifted = t[i] - sums[Shift];
            sums[Residual] += residual;
            sums[ResidualSquares] += residual * residual;
            sums[Sum] += shifted;
            sums[Squares] += shifted * shifted;
        }

        sums[Count] += t.Length;
    }
}
