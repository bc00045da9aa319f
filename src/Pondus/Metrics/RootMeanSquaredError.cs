namespace Pondus.Metrics;

/// <summary>Root of the mean squared distance between prediction and target, in the target's unit.</summary>
public sealed class RootMeanSquaredError() : Metric(sumCount: 2)
{
    /// <inheritdoc/>
    public override string Name => "rootMeanSquaredError";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Math.Sqrt(Sums[0] / Sums[1]);

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> p = prediction.Values, t = targets.Values;
        for (int i = 0; i < t.Length; i++)
        {
            double residual = (double)t[i] - p[i];
            Sums[0] += residual * residual;
        }

        Sums[1] += t.Length;
    }
}
