namespace Pondus.Initializers;

/// <summary>Uniform within ±√(3 / in), for SELU and tanh.</summary>
/// <remarks>Source: LeCun et al., Efficient BackProp, 1998, equation 16.</remarks>
public sealed class LeCunUniform : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        float bound = MathF.Sqrt(3f / Fans(shape).In);
        random.FillUniform(values, -bound, bound);
    }

    /// <inheritdoc/>
    public override string ToString() => "LeCunUniform";
}
