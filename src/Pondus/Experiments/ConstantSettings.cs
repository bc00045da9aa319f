using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate stays as it is.</summary>
public sealed record ConstantSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "Constant";

    internal override ScheduleSettings Visit(Fields f) => this;
}
