using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate is multiplied by a factor at given times.</summary>
public sealed record MultiStepDecaySettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "MultiStepDecay";

    /// <summary>Gets the times of the changes, in units.</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>Gets the factor that the learning rate is multiplied by.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Milestones = f.Get("milestones", Milestones, Kinds.List(Kinds.Integer(0), minimumCount: 1), "Times of the changes, in units."),
        Factor = f.Get("factor", Factor, Kinds.Factor, "Factor that the learning rate is multiplied by."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
