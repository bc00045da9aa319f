namespace Pondus.Metrics;

/// <summary>Mean distance between prediction and target, in the target's unit.</summary>
public sealed class MeanAbsoluteError() : Metric(sumCount: 2)
{
    /// <inheritdoc/>
    public override string Name => "meanAbsoluteError";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(MeanAbsoluteError), out ReadOnlySpan<float> t);
        for (int i = 0; i < t.Length; i++)
        {
            Sums[0] += Math.Abs((double)p[i] - t[i]);
        }

        Sums[1] += t.Length;
    }
}
