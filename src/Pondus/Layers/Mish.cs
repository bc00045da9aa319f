namespace Pondus.Layers;

/// <summary>Mish: y = x tanh(ln(1 + e^x)).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Mish"/>.</remarks>
public sealed class Mish : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Mish();

    /// <inheritdoc/>
    public override string ToString() => "Mish()";
}
