namespace Pondus.Layers;

/// <summary>Scaled exponential linear unit: keeps mean 0 and variance 1 with LeCun-normal weights.</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Selu"/>.</remarks>
public sealed class Selu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Selu();

    /// <inheritdoc/>
    public override string ToString() => "Selu()";
}
