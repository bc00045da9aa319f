using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate is multiplied by a factor at regular times.</summary>
public sealed record StepDecaySettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "StepDecay";

    /// <summary>Gets the time between two changes, in <see cref="Unit"/>s.</summary>
    public int StepSize { get; init; } = 10;

    /// <summary>Gets the factor, in (0, 1].</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        StepSize = f.Get("stepSize", StepSize, Kinds.Integer(1), "Time between two changes, in units."),
        Factor = f.Get("factor", Factor, Kinds.Factor, "What the learning rate is multiplied by."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
