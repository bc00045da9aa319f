using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate falls along half a cosine.</summary>
public sealed record CosineDecaySettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "CosineDecay";

    /// <summary>Gets the learning rate at the end, not a factor; one above the optimizer's keeps that of the optimizer.</summary>
    public double Minimum { get; init; }

    /// <summary>Gets how long the fall takes, in <see cref="Unit"/>s; null is the whole training.</summary>
    public int? Duration { get; init; }

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Epoch;

    internal override ScheduleSettings Visit(Fields f) => this with
    {
        Minimum = f.Get("minimum", Minimum, Kinds.NotNegative, "Learning rate at the end, itself and not a factor; at most that of the optimizer."),
        Duration = f.Get("duration", Duration, Kinds.OptionalValue(Kinds.Integer(1)), "How long the fall takes, in units; null is the whole training."),
        Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
    };
}
