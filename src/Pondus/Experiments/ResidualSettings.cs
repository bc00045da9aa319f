using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Adds what layers compute to what went in.</summary>
public sealed record ResidualSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Residual";

    /// <summary>Gets the layers whose result is added.</summary>
    public required IReadOnlyList<LayerSettings> Body { get; init; }

    /// <summary>Gets the layers that the input goes through; without any it is taken as it is.</summary>
    public IReadOnlyList<LayerSettings> Shortcut { get; init; } = [];

    internal override Layer Make(in Shape input, RandomSource random, string path) => new Residual(
        NetworkBuilder.MakeSequence(Body, input, random, $"{path}.body"),
        Shortcut.Count == 0 ? null : NetworkBuilder.MakeSequence(Shortcut, input, random, $"{path}.shortcut"));

    internal override LayerSettings Visit(Fields f) => this with
    {
        Body = f.Get("body", Body, Kinds.List(Kind, minimumCount: 1), "The layers whose result is added, first to last."),
        Shortcut = f.Get("shortcut", Shortcut, Kinds.List(Kind), "The layers that the input goes through; without any it is taken as it is."),
    };
}
