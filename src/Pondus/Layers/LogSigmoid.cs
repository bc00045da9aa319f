namespace Pondus.Layers;

/// <summary>Logarithm of the logistic function: y = -ln(1 + e^-x).</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.LogSigmoid"/>.</remarks>
public sealed class LogSigmoid : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.LogSigmoid();

    /// <inheritdoc/>
    public override string ToString() => "LogSigmoid()";
}
