using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate goes in a straight line from one factor to another.</summary>
public sealed record LinearRampSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "LinearRamp";

    /// <summary>Gets the factor at the start.</summary>
    public double Start { get; init; } = 1;

    /// <summary>Gets the factor at the end.</summary>
    public double End { get; init; }

    /// <summary>Gets the time until the end, in units; null is the whole training.</summary>
    public int? Duration { get; init; }

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Start = f.Get("start", Start, Kinds.NotNegative, "Factor at the start."),
        End = f.Get("end", End, Kinds.NotNegative, "Factor at the end."),
        Duration = f.Get("duration", Duration, Kinds.OptionalValue(Kinds.Integer(1)), "Time until the end, in units; null is the whole training."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
