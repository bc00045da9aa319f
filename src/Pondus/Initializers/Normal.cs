namespace Pondus.Initializers;

/// <summary>Normal with a mean and a standard deviation.</summary>
/// <param name="mean">Mean.</param>
/// <param name="deviation">Standard deviation, at least 0.</param>
public sealed class Normal(float mean, float deviation) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(values, mean, deviation);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Normal({mean}, {deviation})";
}
