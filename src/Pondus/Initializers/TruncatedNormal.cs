namespace Pondus.Initializers;

/// <summary>Normal, drawn again while it lies beyond two standard deviations.</summary>
/// <remarks>Differs: the deviation is that of the whole normal distribution, as in PyTorch's <c>trunc_normal_</c>; what remains has 0.88 of it.</remarks>
/// <param name="mean">Mean.</param>
/// <param name="deviation">Standard deviation before truncation, at least 0.</param>
public sealed class TruncatedNormal(float mean, float deviation) : Initializer
{
    private const float Limit = 2f;

    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (int i = 0; i < values.Length; i++)
        {
            float z = random.NextNormal();
            while (MathF.Abs(z) > Limit)
            {
                z = random.NextNormal();
            }

            values[i] = mean + (deviation * z);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"TruncatedNormal({mean}, {deviation})";
}
