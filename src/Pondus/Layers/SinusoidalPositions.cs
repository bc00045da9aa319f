namespace Pondus.Layers;

/// <summary>Adds to each token's vector waves of its place: y = x + p.</summary>
/// <remarks>
/// <para>Formula: p[t, 2i] = sin(t / 10000^(2i / width)), p[t, 2i + 1] = cos of the same. Shape: (batch, tokens, width), unchanged.</para>
/// <para>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5.</para>
/// </remarks>
public sealed class SinusoidalPositions : Layer
{
    private const double Base = 10_000;
    private readonly Tensor _waves;

    /// <summary>Makes the layer.</summary>
    /// <param name="count">Most tokens, at least 1.</param>
    /// <param name="width">Size of a vector, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SinusoidalPositions(int count, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        float[] waves = new float[count * width];
        for (int i = 0; i < waves.Length; i++)
        {
            int place = i / width, value = i % width;
            double angle = place * Math.Pow(Base, -(double)(value - (value % 2)) / width);
            waves[i] = (float)(value % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }

        _waves = Tensor.Of(waves, [count, width]);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width), or has too many tokens.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape, waves = _waves.Shape;
        if (shape.Rank != 3 || shape.Last != waves[1] || shape[1] > waves[0])
        {
            throw new ShapeException($"{this}: expected input of shape (batch, at most {waves[0]}, {waves[1]}), got {shape}.");
        }

        return x + _waves.Slice(0, 0, shape[1]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"SinusoidalPositions({_waves.Shape[0]} x {_waves.Shape[1]})";
}
