using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate is multiplied by a factor at every unit of time.</summary>
public sealed record ExponentialDecaySettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "ExponentialDecay";

    /// <summary>Gets the factor per unit, in (0, 1].</summary>
    public double Factor { get; init; } = 0.95;

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Factor = f.Get("factor", Factor, Kinds.Factor, "What the learning rate is multiplied by at every unit of time."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
