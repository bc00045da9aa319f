namespace Pondus;

/// <summary>The weight and the bias of a batch norm, one number a channel each.</summary>
/// <param name="weight">Multiplies the normalized values.</param>
/// <param name="bias">Is added to them.</param>
internal sealed class ChannelParameters(Parameter weight, Parameter bias)
{
    public Parameter Weight { get; } = weight;

    public Parameter Bias { get; } = bias;
}
