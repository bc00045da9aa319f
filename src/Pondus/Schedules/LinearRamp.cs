namespace Pondus.Schedules;

/// <summary>Leads the learning rate in a straight line from one factor to another, and stays there: a warm-up or a decay.</summary>
/// <remarks>Formula: start + (end - start) min(step, n) / n.</remarks>
/// <param name="steps">Number of steps n, at least 1.</param>
/// <param name="start">Factor of the first step, at least 0.</param>
/// <param name="end">Factor from step n on, at least 0.</param>
public sealed class LinearRamp(long steps, double start, double end) : Schedule
{
    private readonly long _steps = ScheduleChecks.AtLeast(nameof(LinearRamp), nameof(steps), steps, 1);
    private readonly double _start = ScheduleChecks.Within(nameof(LinearRamp), nameof(start), start, 0, double.MaxValue);
    private readonly double _end = ScheduleChecks.Within(nameof(LinearRamp), nameof(end), end, 0, double.MaxValue);

    /// <inheritdoc/>
    public override double Factor(long step) => _start + ((_end - _start) * Math.Min(step, _steps) / _steps);

    /// <inheritdoc/>
    public override string ToString() => $"LinearRamp({_steps}, {_start}, {_end})";
}
