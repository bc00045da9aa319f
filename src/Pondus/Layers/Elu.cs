namespace Pondus.Layers;

/// <summary>Exponential linear unit: y = x where x &gt; 0, else alpha (e^x - 1).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Elu"/>.</remarks>
/// <param name="alpha">Value far below 0, negated.</param>
public sealed class Elu(float alpha = 1f) : Layer
{
    /// <summary>Gets the setting: value far below 0, negated.</summary>
    public float Alpha { get; } = alpha;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Elu(Alpha);

    /// <inheritdoc/>
    public override string ToString() => $"Elu({Alpha})";
}
