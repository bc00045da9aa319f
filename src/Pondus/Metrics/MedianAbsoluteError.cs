namespace Pondus.Metrics;

/// <summary>Median distance between prediction and target, in the target's unit: outliers do not move it.</summary>
/// <remarks>Of an even number of samples, the mean of the two in the middle. Memory: eight bytes a sample of an epoch.</remarks>
public sealed class MedianAbsoluteError() : Metric(sumCount: 0)
{
    /// <inheritdoc/>
    public override string Name => "medianAbsoluteError";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double[] sorted = Sums.ToArray();
            Array.Sort(sorted);
            int middle = sorted.Length / 2;
            return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <inheritdoc/>
    protected override int AppendedCount => 1;

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(MedianAbsoluteError), out ReadOnlySpan<float> t);
        Span<double> distances = Append(t.Length);
        for (int i = 0; i < t.Length; i++)
        {
            distances[i] = Math.Abs((double)t[i] - p[i]);
        }
    }
}
