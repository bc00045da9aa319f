using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>The singular values of a weight as a matrix, in float64, and what they say about its rank.</summary>
/// <remarks>
/// <para>The matrix has the first axis of more than one index as rows, all axes behind it as columns: a convolution is (out, in * height * width).</para>
/// <para>Formula: effective rank exp(-sum p ln p) with p = s / sum s; stable rank sum s^2 / s1^2; rank counts s above
/// s1 * longer side * 2.2e-16. Large values are exact to about 1e-15 of themselves, all to about 1e-15 of the largest.</para>
/// <para>Source: Roy and Vetterli 2007, "The effective rank"; Golub and Kahan 1965 for the values.</para>
/// </remarks>
public sealed record Spectrum
{
    private const double Epsilon = 2.220446049250313e-16;

    private Spectrum(long rows, long columns, double[] values, SpectrumPowerLaw? powerLaw)
    {
        Rows = rows;
        Columns = columns;
        SingularValues = values;
        PowerLaw = powerLaw;
        Sum = values.Sum();
        FrobeniusNorm = Math.Sqrt(values.Sum(static s => s * s));
    }

    /// <summary>Gets the number of rows.</summary>
    public long Rows { get; }

    /// <summary>Gets the number of columns.</summary>
    public long Columns { get; }

    /// <summary>Gets the singular values, the largest first: as many as the shorter side.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Gets the sum of the singular values.</summary>
    public double Sum { get; }

    /// <summary>Gets the root of the sum of the squares of all elements.</summary>
    public double FrobeniusNorm { get; }

    /// <summary>Gets the largest singular value.</summary>
    public double SpectralNorm => SingularValues[0];

    /// <summary>Gets the sum of the squares over the largest square; 0 for a matrix of zeros.</summary>
    public double StableRank => SpectralNorm == 0 ? 0 : Square(FrobeniusNorm / SpectralNorm);

    /// <summary>Gets exp of the entropy of the singular values; 0 for a matrix of zeros.</summary>
    public double EffectiveRank => ExpEntropy(static s => s);

    /// <summary>Gets exp of the entropy of the squared singular values; 0 for a matrix of zeros.</summary>
    public double EffectiveRankOfSquares => ExpEntropy(static s => s * s);

    /// <summary>Gets how many singular values differ from 0 beyond rounding.</summary>
    public int Rank => SingularValues.Count(s => s > SpectralNorm * Math.Max(Rows, Columns) * Epsilon);

    /// <summary>Gets the largest over the smallest singular value: infinity when that is 0.</summary>
    public double Condition => SpectralNorm / SingularValues[^1];

    /// <summary>Gets the power law fitted to the eigenvalues; null where WeightWatcher fits none.</summary>
    public SpectrumPowerLaw? PowerLaw { get; }

    /// <summary>Decomposes a tensor.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The spectrum; null when the tensor is no matrix of real numbers, or has NaN or infinite elements.</returns>
    public static Spectrum? Of(WeightEntry entry, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (SpectrumMatrix.Of(entry) is not { } matrix || matrix.SingularValues(cancellation) is not { } values)
        {
            return null;
        }

        return new Spectrum(matrix.Rows, matrix.Columns, values, SpectrumPowerLaw.Of(entry, matrix, values, cancellation));
    }

    private static double Square(double x) => x * x;

    private double ExpEntropy(Func<double, double> weight)
    {
        // Relative to the largest, so that squares neither overflow nor vanish.
        double[] weights = SpectralNorm == 0 ? [] : [.. SingularValues.Select(s => weight(s / SpectralNorm))];
        double total = weights.Sum();
        return weights.Length == 0 ? 0 : Math.Exp(-weights.Where(static w => w > 0).Sum(w => w / total * Math.Log(w / total)));
    }
}
