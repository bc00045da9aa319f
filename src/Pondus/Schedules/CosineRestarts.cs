namespace Pondus.Schedules;

/// <summary>Lets the learning rate fall along half a cosine again and again, each period longer than the last by a factor.</summary>
/// <remarks>Formula: m + (1 - m)(1 + cos(π t / T)) / 2, t steps after the last restart, T the length of the running period. Source: Loshchilov and Hutter 2017, arXiv:1608.03983 (SGDR).</remarks>
/// <param name="period">Steps of the first period, at least 1.</param>
/// <param name="growth">What each period's length is multiplied by, at least 1.</param>
/// <param name="minimum">Factor at a period's end, m in [0, 1].</param>
public sealed class CosineRestarts(long period, int growth = 1, double minimum = 0) : Schedule
{
    private readonly long _period = ScheduleChecks.AtLeast(nameof(CosineRestarts), nameof(period), period, 1);
    private readonly long _growth = ScheduleChecks.AtLeast(nameof(CosineRestarts), nameof(growth), growth, 1);
    private readonly double _minimum = ScheduleChecks.Within(nameof(CosineRestarts), nameof(minimum), minimum, 0, 1);

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        long length = _period, t = step;
        if (_growth == 1)
        {
            t %= length;
        }

        for (; t >= length; length *= _growth)
        {
            t -= length;
        }

        return _minimum + ((1 - _minimum) * 0.5 * (1 + Math.Cos(Math.PI * t / length)));
    }

    /// <inheritdoc/>
    public override string ToString() => $"CosineRestarts({_period}, {_growth}, {_minimum})";
}
