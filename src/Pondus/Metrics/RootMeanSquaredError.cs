namespace Pondus.Metrics;

/// <summary>Root of the mean squared distance between prediction and target, in the target's unit, or the mean squared distance itself.</summary>
/// <param name="squared">Whether the root is left out.</param>
public sealed class RootMeanSquaredError(bool squared = false) : Metric(sumCount: 2)
{
    /// <inheritdoc/>
    public override string Name => squared ? "meanSquaredError" : "rootMeanSquaredError";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : squared ? Sums[0] / Sums[1] : Math.Sqrt(Sums[0] / Sums[1]);

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = Pair(prediction, targets, nameof(RootMeanSquaredError), out ReadOnlySpan<float> t);
        for (int i = 0; i < t.Length; i++)
        {
            double residual = (double)t[i] - p[i];
            Sums[0] += residual * residual;
        }

        Sums[1] += t.Length;
    }
}
