namespace Pondus.Initializers;

/// <summary>Normal with deviation gain √(2 / (in + out)).</summary>
/// <remarks>Source: Glorot and Bengio, AISTATS 2010, equation 12.</remarks>
/// <param name="gain">Factor for the activation behind, 1 for linear and 5/3 for tanh.</param>
public sealed class XavierNormal(float gain = 1f) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        (int fanIn, int fanOut) = Fans(shape);
        random.FillNormal(values, 0f, gain * MathF.Sqrt(2f / (fanIn + fanOut)));
    }

    /// <inheritdoc/>
    public override string ToString() => $"XavierNormal({gain})";
}
