namespace Pondus.Initializers;

/// <summary>Normal with deviation √(2 / in), for ReLU.</summary>
/// <remarks>Source: He et al. 2015, arXiv:1502.01852, equation 10.</remarks>
public sealed class HeNormal : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(values, 0f, MathF.Sqrt(2f / Fans(shape).In));
    }

    /// <inheritdoc/>
    public override string ToString() => "HeNormal";
}
