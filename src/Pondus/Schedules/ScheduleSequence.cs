namespace Pondus.Schedules;

/// <summary>Follows one schedule after another, each from its own step 0.</summary>
public sealed class ScheduleSequence : Schedule
{
    private readonly (long Steps, Schedule Schedule)[] _stages;
    private readonly Schedule _last;

    /// <summary>Makes the schedule.</summary>
    /// <param name="last">What holds after all stages.</param>
    /// <param name="stages">Schedules before it, each with its number of steps, at least 1.</param>
    public ScheduleSequence(Schedule last, params IReadOnlyList<(long Steps, Schedule Schedule)> stages)
    {
        ArgumentNullException.ThrowIfNull(last);
        ArgumentNullException.ThrowIfNull(stages);
        _last = last;
        _stages = [.. stages];
        foreach ((long steps, Schedule _) in stages)
        {
            ScheduleChecks.AtLeast(nameof(ScheduleSequence), nameof(steps), steps, 1);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Schedule> Parts => _stages.Select(static stage => stage.Schedule).Append(_last);

    /// <inheritdoc/>
    public override double Factor(long step) => At(ref step).Factor(step);

    /// <inheritdoc/>
    public override double? Momentum(long step) => At(ref step).Momentum(step);

    /// <inheritdoc/>
    public override string ToString() => $"ScheduleSequence({string.Join(", ", _stages.Select(static stage => $"{stage.Steps}: {stage.Schedule}"))}, then {_last})";

    private Schedule At(ref long step)
    {
        foreach ((long steps, Schedule schedule) in _stages)
        {
            if (step < steps)
            {
                return schedule;
            }

            step -= steps;
        }

        return _last;
    }
}
