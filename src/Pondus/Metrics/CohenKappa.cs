namespace Pondus.Metrics;

/// <summary>Agreement of truth and prediction beyond chance.</summary>
/// <remarks>Range: at most 1, 0 is chance; NaN where both are one class alone. As scikit-learn's <c>cohen_kappa_score</c>.</remarks>
public sealed class CohenKappa() : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => "cohenKappa";

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.CohenKappa;
    }
}
