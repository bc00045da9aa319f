namespace Pondus.Data;

/// <summary>Generated points around a line: the smallest regression.</summary>
public static class Line
{
    /// <summary>Draws points y = slope x + intercept + noise n, with x uniform in [-1, 1) and n standard normal.</summary>
    /// <remarks>Shape: inputs (1), targets (1).</remarks>
    /// <param name="count">How many points, at least 0.</param>
    /// <param name="random">The source of x and the noise.</param>
    /// <param name="slope">Slope.</param>
    /// <param name="intercept">Intercept.</param>
    /// <param name="noise">Standard deviation of the noise, at least 0.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static Dataset Generate(int count, RandomSource random, float slope = 2f, float intercept = -1f, float noise = 0.1f)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        float[] xs = new float[count], ys = new float[count];
        for (int i = 0; i < count; i++)
        {
            xs[i] = (2f * random.NextSingle()) - 1f;
            ys[i] = (slope * xs[i]) + intercept + (noise * random.NextNormal());
        }

        return new Dataset(xs, [1], ys, [1], ["x"]);
    }
}
