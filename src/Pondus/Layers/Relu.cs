namespace Pondus.Layers;

/// <summary>Rectified linear unit: y = max(x, 0).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Relu"/>.</remarks>
public sealed class Relu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Relu();

    /// <inheritdoc/>
    public override string ToString() => "Relu()";
}
