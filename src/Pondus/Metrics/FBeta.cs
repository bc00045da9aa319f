namespace Pondus.Metrics;

/// <summary>Mean of precision and recall that is near the smaller of them, 1 when both are.</summary>
/// <remarks>Range: [0, 1]. F1 by default. As scikit-learn's <c>fbeta_score</c> over all classes of the outputs. Source: van Rijsbergen 1979. See <see cref="ConfusionMatrix.FBeta"/>.</remarks>
/// <param name="beta">How many times recall counts more than precision, above 0.</param>
/// <param name="averaging">How classes become one value.</param>
/// <param name="zeroDivision">Value of a class whose ratio is 0 / 0; NaN leaves it out.</param>
public sealed class FBeta(double beta = 1, Averaging averaging = Averaging.Macro, double zeroDivision = 0) : ConfusionMetric
{
    /// <inheritdoc/>
    public override string Name => NameOf(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"f{beta}"), averaging);

    /// <inheritdoc/>
    protected override double ValueOf(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.FBeta(beta, averaging, zeroDivision);
    }
}
