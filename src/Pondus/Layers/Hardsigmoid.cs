namespace Pondus.Layers;

/// <summary>Hard sigmoid: y = x / 6 + 1 / 2, limited to [0, 1].</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Hardsigmoid"/>.</remarks>
public sealed class Hardsigmoid : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Hardsigmoid();

    /// <inheritdoc/>
    public override string ToString() => "Hardsigmoid()";
}
