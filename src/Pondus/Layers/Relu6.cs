namespace Pondus.Layers;

/// <summary>Rectified linear unit with a ceiling: y = min(max(x, 0), 6).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Relu6"/>.</remarks>
public sealed class Relu6 : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Relu6();

    /// <inheritdoc/>
    public override string ToString() => "Relu6()";
}
