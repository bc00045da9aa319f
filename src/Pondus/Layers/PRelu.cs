namespace Pondus.Layers;

/// <summary>Rectified linear unit whose slope below 0 is learned: y = x where x &gt; 0, else weight x.</summary>
/// <remarks>
/// <para>Shape: any, or (batch, C, ...) with a slope for each channel, unchanged. Parameter: <c>weight</c> (1) or (C).</para>
/// <para>Source: He et al. 2015, arXiv:1502.01852.</para>
/// </remarks>
public sealed class PRelu : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">Number of slopes: 1 for all, or one for each channel.</param>
    /// <param name="start">Their starting value.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channels"/> is below 1.</exception>
    public PRelu(int channels = 1, float start = 0.25f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Weight = AddParameter("weight", [channels], start);
    }

    /// <summary>Gets the slopes, (1) or (C).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The channels of <paramref name="x"/> are not those of the weight.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        Check(shape, axis: 1);
        Span<int> sizes = stackalloc int[shape.Rank];
        sizes.Fill(1);
        if (Weight.Count > 1)
        {
            sizes[1] = Weight.Count;
        }

        return x.Relu() - (Weight.ToTensor().Reshape(new Shape(sizes)) * (-x).Relu());
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, axis: 0);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"PRelu({Weight.Count})";

    private void Check(in Shape shape, int axis)
    {
        if (Weight.Count > 1 && (shape.Rank <= axis || shape[axis] != Weight.Count))
        {
            throw new ShapeException($"{this}: expected input of shape ({(axis > 0 ? "batch, " : string.Empty)}{Weight.Count}, ...), got {shape}.");
        }
    }
}
