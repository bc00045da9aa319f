namespace Pondus.Layers;

/// <summary>Shares that add up to 1 along the last axis.</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Softmax"/>.</remarks>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Softmax();

    /// <inheritdoc/>
    public override string ToString() => "Softmax()";
}
