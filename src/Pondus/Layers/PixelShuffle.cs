namespace Pondus.Layers;

/// <summary>Makes images larger by laying channels out as places: what a convolution computed at one place becomes a square of them.</summary>
/// <remarks>
/// <para>Formula: y[n, c, i r + a, j r + b] = x[n, c r^2 + a r + b, i, j]. Shape: (batch, C r^2, height, width) to (batch, C, height r, width r).</para>
/// <para>Source: Shi et al. 2016, arXiv:1609.05158.</para>
/// </remarks>
public sealed class PixelShuffle : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="factor">r: places of the output along one side of a place of the input, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1.</exception>
    public PixelShuffle(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        Factor = factor;
    }

    /// <summary>Gets r.</summary>
    public int Factor { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes or channels of <paramref name="x"/> do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        if (shape.Rank == 3)
        {
            Tensor y = Forward(x.Reshape(BatchAxis.Add(shape)));
            return y.Reshape(BatchAxis.Remove(y.Shape));
        }

        Check(shape, axis: 1);
        int channels = shape[1] / (Factor * Factor);
        return x.Reshape([shape[0], channels, Factor, Factor, shape[2], shape[3]]).Permute(0, 1, 4, 2, 5, 3).Reshape([shape[0], channels, shape[2] * Factor, shape[3] * Factor]);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, axis: 0);
        return [input[0] / (Factor * Factor), input[1] * Factor, input[2] * Factor];
    }

    /// <inheritdoc/>
    public override string ToString() => $"PixelShuffle({Factor})";

    private void Check(in Shape shape, int axis)
    {
        if (shape.Rank != axis + 3 || shape[axis] % (Factor * Factor) != 0)
        {
            throw new ShapeException($"{this}: expected input of shape ({(axis > 0 ? "batch, " : string.Empty)}a multiple of {Factor * Factor}, height, width), got {shape}.");
        }
    }
}
