namespace Pondus.Metrics;

/// <summary>Share of the samples of a class that were found.</summary>
/// <remarks>Range: [0, 1]. As scikit-learn's <c>recall_score</c> over all classes of the outputs. See <see cref="ConfusionMatrix.Recall"/>.</remarks>
/// <param name="averaging">How classes become one value.</param>
/// <param name="zeroDivision">Value of a class whose ratio is 0 / 0; NaN leaves it out.</param>
public sealed class Recall(Averaging averaging = Averaging.Macro, double zeroDivision = 0) : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => NameOf("recall", averaging);

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Recall(averaging, zeroDivision);
    }
}
