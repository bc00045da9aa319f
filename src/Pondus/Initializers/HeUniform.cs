namespace Pondus.Initializers;

/// <summary>Uniform within ±√(6 / in), for ReLU.</summary>
/// <remarks>Source: He et al. 2015, arXiv:1502.01852, equation 10.</remarks>
public sealed class HeUniform : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        float bound = MathF.Sqrt(6f / Fans(shape).In);
        random.FillUniform(values, -bound, bound);
    }

    /// <inheritdoc/>
    public override string ToString() => "HeUniform";
}
