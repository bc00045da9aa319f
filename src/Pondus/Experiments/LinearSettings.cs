using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A fully connected layer, y = x W^T + b.</summary>
public sealed record LinearSettings : LayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Linear";

    /// <summary>Gets the number of inputs; null is inferred from what comes before.</summary>
    public int? In { get; init; }

    /// <summary>Gets the number of outputs.</summary>
    public required int Out { get; init; }

    /// <summary>Gets whether a bias is added.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets what the weights start from; null takes the layer's own choice.</summary>
    public InitializerSettings? Weight { get; init; }

    internal override LayerSettings Visit(Fields f) => this with
    {
        In = f.Get("in", In, Kinds.OptionalValue(Kinds.Integer(1)), "Number of inputs; inferred when it is not given."),
        Out = f.Get("out", Out, Kinds.Integer(1), "Number of outputs."),
        Bias = f.Get("bias", Bias, Kinds.Flag, "Whether a bias is added."),
        Weight = f.Get("weight", Weight, Kinds.Optional(InitializerSettings.Kind), "What the weights start from; null takes the layer's own choice."),
    };
}
