namespace Pondus.Layers;

/// <summary>Hyperbolic tangent: y = tanh x.</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Tanh"/>.</remarks>
public sealed class Tanh : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Tanh();

    /// <inheritdoc/>
    public override string ToString() => "Tanh()";
}
