namespace Pondus.Layers;

/// <summary>Gaussian error linear unit: y = x Phi(x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Gelu"/>.</remarks>
/// <param name="tanhApproximation">Whether the tanh approximation of GPT-2 is used.</param>
public sealed class Gelu(bool tanhApproximation = false) : Layer
{
    /// <summary>Gets the setting: whether the tanh approximation of GPT-2 is used.</summary>
    public bool TanhApproximation { get; } = tanhApproximation;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => TanhApproximation ? x.GeluTanh() : x.Gelu();

    /// <inheritdoc/>
    public override string ToString() => TanhApproximation ? "Gelu(tanh)" : "Gelu()";
}
