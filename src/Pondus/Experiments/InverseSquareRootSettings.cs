using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate rises evenly, then falls as one over the root of the step.</summary>
public sealed record InverseSquareRootSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "InverseSquareRoot";

    /// <summary>Gets the time of the rise, in units.</summary>
    public int WarmUp { get; init; } = 1000;

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Step;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        WarmUp = f.Get("warmUp", WarmUp, Kinds.Integer(1), "Time of the rise, in units."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
