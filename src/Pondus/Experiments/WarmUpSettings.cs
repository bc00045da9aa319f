using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate rises evenly from near 0, then follows another schedule.</summary>
public sealed record WarmUpSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "WarmUp";

    /// <summary>Gets how long the rise takes, in <see cref="Unit"/>s.</summary>
    public int Duration { get; init; } = 100;

    /// <summary>Gets the unit of time.</summary>
    public TrainingUnit Unit { get; init; } = TrainingUnit.Step;

    /// <summary>Gets the schedule after the rise.</summary>
    public ScheduleSettings Then { get; init; } = new ConstantSettings();

    internal override ScheduleSettings Visit(Fields f)
    {
        WarmUpSettings visited = this with
        {
            Duration = f.Get("duration", Duration, Kinds.Integer(1), "How long the rise takes, in units."),
            Unit = f.Get("unit", Unit, Kinds.Choice<TrainingUnit>(), "Unit of time."),
            Then = f.Get("then", Then, Kind, "Schedule after the rise."),
        };
        f.Check(visited.Then is not WarmUpSettings, "then", "a schedule other than WarmUp", "WarmUp");
        return visited;
    }
}
