namespace Pondus.Layers;

/// <summary>Leaky rectified linear unit: y = x where x &gt; 0, else slope x.</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.LeakyRelu"/>.</remarks>
/// <param name="slope">Slope below 0.</param>
public sealed class LeakyRelu(float slope = 0.01f) : Layer
{
    /// <summary>Gets the setting: slope below 0.</summary>
    public float Slope { get; } = slope;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.LeakyRelu(Slope);

    /// <inheritdoc/>
    public override string ToString() => $"LeakyRelu({Slope})";
}
