namespace Pondus.Layers;

/// <summary>Logistic function: y = 1 / (1 + e^-x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Sigmoid"/>.</remarks>
public sealed class Sigmoid : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Sigmoid();

    /// <inheritdoc/>
    public override string ToString() => "Sigmoid()";
}
