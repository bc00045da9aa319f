namespace Pondus.Metrics;

/// <summary>Mean recall of the classes that have samples: each class counts alike, however rare.</summary>
/// <remarks>Range: [0, 1]. As scikit-learn's <c>balanced_accuracy_score</c>.</remarks>
public sealed class BalancedAccuracy() : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => "balancedAccuracy";

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.BalancedAccuracy;
    }
}
