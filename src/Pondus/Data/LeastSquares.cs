namespace Pondus.Data;

/// <summary>Least squares in closed form, the yardstick of what a network learns on a line.</summary>
public static class LeastSquares
{
    /// <summary>Fits y = slope x + intercept with the smallest sum of squared errors, in double precision.</summary>
    /// <remarks>Formula: slope = sum (x - mean x)(y - mean y) / sum (x - mean x)^2; intercept = mean y - slope mean x.</remarks>
    /// <param name="xs">The inputs, at least two different ones.</param>
    /// <param name="ys">The outputs, as many.</param>
    /// <returns>Slope and intercept.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or all inputs are the same.</exception>
    public static (double Slope, double Intercept) Line(ReadOnlySpan<float> xs, ReadOnlySpan<float> ys)
    {
        if (xs.Length != ys.Length)
        {
            throw new ArgumentException($"LeastSquares: expected as many outputs as inputs, got {ys.Length} and {xs.Length}.", nameof(ys));
        }

        double meanX = 0, meanY = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            meanX += xs[i];
            meanY += ys[i];
        }

        meanX /= xs.Length;
        meanY /= xs.Length;
        double product = 0, square = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            product += (xs[i] - meanX) * (ys[i] - meanY);
            square += (xs[i] - meanX) * (xs[i] - meanX);
        }

        if (!(square > 0))
        {
            throw new ArgumentException($"LeastSquares: expected at least two different inputs, got {xs.Length} of one value.", nameof(xs));
        }

        double slope = product / square;
        return (slope, meanY - (slope * meanX));
    }
}
