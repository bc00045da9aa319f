namespace Pondus.Metrics;

/// <summary>Share of right ones among the samples that are or were called a class: intersection over union.</summary>
/// <remarks>Range: [0, 1]. As scikit-learn's <c>jaccard_score</c> over all classes of the outputs. Source: Jaccard 1912. See <see cref="ConfusionMatrix.Jaccard"/>.</remarks>
/// <param name="averaging">How classes become one value.</param>
/// <param name="zeroDivision">Value of a class whose ratio is 0 / 0; NaN leaves it out.</param>
public sealed class Jaccard(Averaging averaging = Averaging.Macro, double zeroDivision = 0) : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => NameOf("jaccard", averaging);

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Jaccard(averaging, zeroDivision);
    }
}
