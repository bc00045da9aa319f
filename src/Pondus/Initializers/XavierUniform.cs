namespace Pondus.Initializers;

/// <summary>Uniform within ±gain √(6 / (in + out)).</summary>
/// <remarks>Source: Glorot and Bengio, AISTATS 2010, equation 16.</remarks>
/// <param name="gain">Factor for the activation behind, 1 for linear and 5/3 for tanh.</param>
public sealed class XavierUniform(float gain = 1f) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        (int fanIn, int fanOut) = Fans(shape);
        float bound = gain * MathF.Sqrt(6f / (fanIn + fanOut));
        random.FillUniform(values, -bound, bound);
    }

    /// <inheritdoc/>
    public override string ToString() => $"XavierUniform({gain})";
}
