using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>An activation, element by element (Softmax: over the last axis).</summary>
public sealed record ActivationSettings : LayerSettings
{
    /// <summary>Makes the settings of an activation.</summary>
    /// <param name="type">One of <see cref="Names"/>.</param>
    public ActivationSettings(string type)
    {
        Type = type;
    }

    /// <summary>Gets the names of the activations.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["Step", "Sigmoid", "Tanh", "Relu", "LeakyRelu", "Elu", "Selu", "Gelu", "Silu", "Softplus", "Softmax", "GeluTanh", "Hardsigmoid", "Hardswish", "Relu6", "Mish", "LogSigmoid", "Softsign"];

    /// <inheritdoc/>
    public override string Type { get; }

    /// <summary>Gets the slope of LeakyRelu below 0.</summary>
    public double Slope { get; init; } = 0.01;

    /// <summary>Gets the scale of Elu below 0.</summary>
    public double Alpha { get; init; } = 1;

    internal override LayerSettings Visit(Fields f) => Type switch
    {
        "LeakyRelu" => this with { Slope = f.Get("slope", Slope, Kinds.NotNegative, "Slope below 0.") },
        "Elu" => this with { Alpha = f.Get("alpha", Alpha, Kinds.Positive, "Scale below 0.") },
        _ => this,
    };
}
