namespace Pondus.Initializers;

/// <summary>Normal with deviation √(1 / in), for SELU and tanh.</summary>
/// <remarks>Source: LeCun et al., Efficient BackProp, 1998, equation 16.</remarks>
public sealed class LeCunNormal : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(values, 0f, MathF.Sqrt(1f / Fans(shape).In));
    }

    /// <inheritdoc/>
    public override string ToString() => "LeCunNormal";
}
