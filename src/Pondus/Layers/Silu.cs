namespace Pondus.Layers;

/// <summary>Sigmoid linear unit: y = x sigmoid(x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Silu"/>.</remarks>
public sealed class Silu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Silu();

    /// <inheritdoc/>
    public override string ToString() => "Silu()";
}
