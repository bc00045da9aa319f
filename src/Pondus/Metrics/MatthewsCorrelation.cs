namespace Pondus.Metrics;

/// <summary>Correlation of truth and prediction, fair to rare classes.</summary>
/// <remarks>Range: [-1, 1]; 0 where truth or prediction is constant. As scikit-learn's <c>matthews_corrcoef</c>; torchmetrics differs for constant ones.</remarks>
public sealed class MatthewsCorrelation() : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => "matthewsCorrelation";

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.MatthewsCorrelation;
    }
}
