using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate falls along half a cosine again and again.</summary>
public sealed record CosineRestartsSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "CosineRestarts";

    /// <summary>Gets the time of the first fall, in units.</summary>
    public int Period { get; init; } = 10;

    /// <summary>Gets the factor by which each period is longer than the last.</summary>
    public int Growth { get; init; } = 1;

    /// <summary>Gets the learning rate at the end, itself and not a factor; at most that of the optimizer.</summary>
    public double Minimum { get; init; }

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Period = f.Get("period", Period, Kinds.Integer(1), "Time of the first fall, in units."),
        Growth = f.Get("growth", Growth, Kinds.Integer(1), "Factor by which each period is longer than the last."),
        Minimum = f.Get("minimum", Minimum, Kinds.NotNegative, "Learning rate at the end, itself and not a factor; at most that of the optimizer."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
