namespace Pondus.Layers;

/// <summary>Hard swish: y = x hardsigmoid(x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Hardswish"/>.</remarks>
public sealed class Hardswish : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Hardswish();

    /// <inheritdoc/>
    public override string ToString() => "Hardswish()";
}
