namespace Pondus.Initializers;

/// <summary>One value for all.</summary>
/// <param name="value">The value.</param>
public sealed class Constant(float value) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        values.Fill(value);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Constant({value})";
}
