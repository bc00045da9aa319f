namespace Pondus.Layers;

/// <summary>Softsign: y = x / (1 + |x|).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Softsign"/>.</remarks>
public sealed class Softsign : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Softsign();

    /// <inheritdoc/>
    public override string ToString() => "Softsign()";
}
