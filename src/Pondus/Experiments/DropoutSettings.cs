using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Sets a share of the values to zero while training.</summary>
public sealed record DropoutSettings : LayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Dropout";

    /// <summary>Gets the share of values set to zero, in [0, 1).</summary>
    public double Rate { get; init; } = 0.5;

    internal override LayerSettings Visit(Fields f) => this with { Rate = f.Get("rate", Rate, Kinds.Share, "Share of values set to zero.") };
}
