namespace Pondus.Layers;

/// <summary>Smooth rectified linear unit: y = ln(1 + e^x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Softplus"/>.</remarks>
public sealed class Softplus : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Softplus();

    /// <inheritdoc/>
    public override string ToString() => "Softplus()";
}
