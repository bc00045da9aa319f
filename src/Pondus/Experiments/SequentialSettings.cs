using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Layers one after the other, as one layer.</summary>
public sealed record SequentialSettings : LayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Sequential";

    /// <summary>Gets the layers.</summary>
    public required IReadOnlyList<LayerSettings> Layers { get; init; }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Layers = f.Get("layers", Layers, Kinds.List(Kind, minimumCount: 1), "The layers, first to last."),
    };
}
