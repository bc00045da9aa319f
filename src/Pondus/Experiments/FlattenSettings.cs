using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Makes one row of each sample.</summary>
public sealed record FlattenSettings : LayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Flatten";

    internal override LayerSettings Visit(Fields f) => this;
}
