using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A gated linear unit: half of the values gate the other half.</summary>
public sealed record GluSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Glu";

    /// <summary>Gets the axis that is halved, negative from the back.</summary>
    public int Axis { get; init; } = -1;

    internal override Layer Make(in Shape input, RandomSource random, string path) => new Glu(Axis);

    internal override LayerSettings Visit(Fields f) => this with { Axis = f.Get("axis", Axis, Kinds.Integer(-Shape.MaxRank, Shape.MaxRank), "The axis that is halved, negative from the back; the batch is axis 0.") };
}
