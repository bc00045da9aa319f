namespace Pondus.Initializers;

/// <summary>Uniform in [low, high).</summary>
/// <param name="low">Inclusive lower bound.</param>
/// <param name="high">Exclusive upper bound.</param>
public sealed class Uniform(float low, float high) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillUniform(values, low, high);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Uniform({low}, {high})";
}
