using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A batch norm; the number of channels is inferred.</summary>
/// <param name="type">BatchNorm1d or BatchNorm2d.</param>
public sealed record BatchNormSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets what is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Gets the share of a new batch in the running statistics; null averages all batches.</summary>
    public double? Momentum { get; init; } = 0.1;

    /// <summary>Gets whether there are a weight and a bias.</summary>
    public bool Affine { get; init; } = true;

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type == "BatchNorm1d"
        ? new BatchNorm1d(Channels(input, path), (float)Epsilon, (float?)Momentum, Affine)
        : new BatchNorm2d(Channels(input, path), (float)Epsilon, (float?)Momentum, Affine);

    internal override LayerSettings Visit(Fields f) => this with
    {
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Added to the variance."),
        Momentum = f.Get("momentum", Momentum, Kinds.OptionalValue(Kinds.Factor), "Share of a new batch in the running statistics; null averages all batches."),
        Affine = f.Get("affine", Affine, Kinds.Flag, "Whether there are a weight and a bias."),
    };
}
