using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Lays channels out as places, or places as channels.</summary>
/// <param name="type">PixelShuffle or PixelUnshuffle.</param>
public sealed record PixelShuffleSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the places along one side that become channels, or come from them.</summary>
    public int Factor { get; init; } = 2;

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type == "PixelShuffle" ? new PixelShuffle(Factor) : new PixelUnshuffle(Factor);

    internal override LayerSettings Visit(Fields f) => this with { Factor = f.Get("factor", Factor, Kinds.Integer(1, 64), "Places along one side that are channels on the other.") };
}
