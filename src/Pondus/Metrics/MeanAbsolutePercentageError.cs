namespace Pondus.Metrics;

/// <summary>Mean distance between prediction and target as a share of the target.</summary>
/// <remarks>Formula: mean of |t - p| / max(|t|, 2^-52), as scikit-learn. Range and unit: at least 0, where 1 is 100 %.</remarks>
public sealed class MeanAbsolutePercentageError() : Metric(sumCount: 2)
{
    private const double Smallest = 2.220446049250313e-16;

    /// <inheritdoc/>
    public override string Name => "meanAbsolutePercentageError";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(MeanAbsolutePercentageError), out ReadOnlySpan<float> t);
        for (int i = 0; i < t.Length; i++)
        {
            Sums[0] += Math.Abs((double)t[i] - p[i]) / Math.Max(Math.Abs((double)t[i]), Smallest);
        }

        Sums[1] += t.Length;
    }
}
