namespace Pondus.Layers;

/// <summary>The mean of each channel of images: one vector an image.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C).</para>
/// <para>Source: Lin, Chen and Yan 2013, arXiv:1312.4400.</para>
/// </remarks>
public sealed class GlobalAvgPool2d : Pooling
{
    /// <summary>Makes the layer.</summary>
    public GlobalAvgPool2d()
        : base(image: true, average: true, PoolWindows.Even(1), PoolWindows.Even(1))
    {
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor y = base.Forward(x);
        return y.Reshape(new Shape(y.Shape.AsSpan()[..^2]));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [base.OutputShape(input)[0]];

    /// <inheritdoc/>
    public override string ToString() => "GlobalAvgPool2d()";
}
