namespace Pondus.Metrics;

/// <summary>Share of the targets' variance that the prediction explains: R² = 1 - Σ(t - p)² / Σ(t - mean t)².</summary>
/// <remarks>Range: 1 is perfect, 0 is as good as always saying the mean, negative is worse. Constant targets: NaN.</remarks>
public sealed class RSquared() : Metric(sumCount: 5)
{
    private const int Residual = 0;
    private const int Sum = 1;
    private const int Squares = 2;
    private const int Shift = 3;
    private const int Count = 4;

    /// <inheritdoc/>
    public override string Name => "rSquared";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double total = Sums[Squares] - (Sums[Sum] * Sums[Sum] / Sums[Count]);
            return Sums[Count] == 0 || total <= 0 ? double.NaN : 1 - (Sums[Residual] / total);
        }
    }

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(RSquared), out ReadOnlySpan<float> t);
        Span<double> sums = Sums;
        if (sums[Count] == 0 && t.Length > 0)
        {
            // Sums around the first target keep their digits when targets are far from zero.
            sums[Shift] = t[0];
        }

        for (int i = 0; i < t.Length; i++)
        {
            double residual = (double)t[i] - p[i], shifted = t[i] - sums[Shift];
            sums[Residual] += residual * residual;
            sums[Sum] += shifted;
            sums[Squares] += shifted * shifted;
        }

        sums[Count] += t.Length;
    }
}
