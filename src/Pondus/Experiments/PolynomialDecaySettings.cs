using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate falls along a power.</summary>
public sealed record PolynomialDecaySettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "PolynomialDecay";

    /// <summary>Gets the power of the fall; 1 is a straight line.</summary>
    public double Power { get; init; } = 1;

    /// <summary>Gets the learning rate at the end, itself and not a factor; at most that of the optimizer.</summary>
    public double Minimum { get; init; }

    /// <summary>Gets the time until the end, in units; null is the whole training.</summary>
    public int? Duration { get; init; }

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Power = f.Get("power", Power, Kinds.Positive, "Power of the fall; 1 is a straight line."),
        Minimum = f.Get("minimum", Minimum, Kinds.NotNegative, "Learning rate at the end, itself and not a factor; at most that of the optimizer."),
        Duration = f.Get("duration", Duration, Kinds.OptionalValue(Kinds.Integer(1)), "Time until the end, in units; null is the whole training."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
