using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A group norm or an instance norm, which has a group for each channel; the number of channels is inferred.</summary>
/// <param name="type">GroupNorm, InstanceNorm1d or InstanceNorm2d.</param>
public sealed record GroupNormSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the number of groups of GroupNorm; divides the channels.</summary>
    public int Groups { get; init; } = 8;

    /// <summary>Gets what is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Gets whether there are a weight and a bias.</summary>
    public bool Affine { get; init; } = type == "GroupNorm";

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type switch
    {
        "GroupNorm" => new GroupNorm(Groups, Channels(input, path), (float)Epsilon, Affine),
        "InstanceNorm1d" => new InstanceNorm1d(Channels(input, path), (float)Epsilon, Affine),
        _ => new InstanceNorm2d(Channels(input, path), (float)Epsilon, Affine),
    };

    internal override LayerSettings Visit(Fields f) => this with
    {
        Groups = Type == "GroupNorm" ? f.Get("groups", Groups, Kinds.Integer(1), "Number of groups; divides the channels.") : Groups,
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Added to the variance."),
        Affine = f.Get("affine", Affine, Kinds.Flag, "Whether there are a weight and a bias."),
    };
}
