namespace Pondus.Schedules;

/// <summary>Raises the learning rate in equal steps to its full value, then follows another schedule from its start.</summary>
/// <remarks>Formula: (step + 1) / (n + 1) for the first n steps. Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.</remarks>
/// <param name="steps">Number of steps n, at least 0.</param>
/// <param name="then">What follows; null stays constant.</param>
public sealed class WarmUp(long steps, Schedule? then = null) : Schedule
{
    private readonly long _steps = steps >= 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, $"WarmUp: expected at least 0 steps, got {steps}.");

    /// <inheritdoc/>
    protected override IEnumerable<Schedule> Parts => then is null ? [] : [then];

    /// <inheritdoc/>
    public override double Factor(long step) => step < _steps ? (step + 1.0) / (_steps + 1.0) : then?.Factor(step - _steps) ?? 1;

    /// <inheritdoc/>
    public override double? Momentum(long step) => then?.Momentum(Math.Max(0, step - _steps));

    /// <inheritdoc/>
    public override string ToString() => $"WarmUp({_steps}{(then is null ? string.Empty : $", {then}")})";
}
