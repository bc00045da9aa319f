namespace Pondus.Layers;

/// <summary>Makes images smaller by laying squares of places out as channels: the inverse of <see cref="PixelShuffle"/>.</summary>
/// <remarks>
/// <para>Formula: y[n, c r^2 + a r + b, i, j] = x[n, c, i r + a, j r + b]. Shape: (batch, C, height r, width r) to (batch, C r^2, height, width).</para>
/// <para>Source: Shi et al. 2016, arXiv:1609.05158.</para>
/// </remarks>
public sealed class PixelUnshuffle : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="factor">r: places of the input along one side of a place of the output, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1.</exception>
    public PixelUnshuffle(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        Factor = factor;
    }

    /// <summary>Gets r.</summary>
    public int Factor { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes or sizes of <paramref name="x"/> do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        if (shape.Rank == 3)
        {
            Tensor y = Forward(x.Reshape(BatchAxis.Add(shape)));
            return y.Reshape(BatchAxis.Remove(y.Shape));
        }

        Check(shape, axis: 1);
        int height = shape[2] / Factor, width = shape[3] / Factor;
        return x.Reshape([shape[0], shape[1], height, Factor, width, Factor]).Permute(0, 1, 3, 5, 2, 4).Reshape([shape[0], shape[1] * Factor * Factor, height, width]);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, axis: 0);
        return [input[0] * Factor * Factor, input[1] / Factor, input[2] / Factor];
    }

    /// <inheritdoc/>
    public override string ToString() => $"PixelUnshuffle({Factor})";

    private void Check(in Shape shape, int axis)
    {
        if (shape.Rank != axis + 3 || shape[axis + 1] % Factor != 0 || shape[axis + 2] % Factor != 0)
        {
            throw new ShapeException($"{this}: expected input of shape ({(axis > 0 ? "batch, " : string.Empty)}channels, height, width) with height and width multiples of {Factor}, got {shape}.");
        }
    }
}
