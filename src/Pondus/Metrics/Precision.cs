namespace Pondus.Metrics;

/// <summary>Share of the predictions of a class that are right.</summary>
/// <remarks>Range: [0, 1]. As scikit-learn's <c>precision_score</c> over all classes of the outputs. See <see cref="ConfusionMatrix.Precision"/>.</remarks>
/// <param name="averaging">How classes become one value.</param>
/// <param name="zeroDivision">Value of a class whose ratio is 0 / 0; NaN leaves it out.</param>
public sealed class Precision(Averaging averaging = Averaging.Macro, double zeroDivision = 0) : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => NameOf("precision", averaging);

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Precision(averaging, zeroDivision);
    }
}
