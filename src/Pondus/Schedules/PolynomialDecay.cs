namespace Pondus.Schedules;

/// <summary>Lets the learning rate fall along a power: m + (1 - m)(1 - step / total)^power, then stays at m.</summary>
/// <remarks>Source: Chen et al. 2016, arXiv:1606.00915, section 4.1.2 ("poly").</remarks>
/// <param name="totalSteps">Steps until the minimum, at least 1.</param>
/// <param name="power">The power, above 0; 1 is a straight line.</param>
/// <param name="minimum">Factor at the end, m in [0, 1].</param>
public sealed class PolynomialDecay(long totalSteps, double power = 1, double minimum = 0) : Schedule
{
    private readonly long _totalSteps = ScheduleChecks.AtLeast(nameof(PolynomialDecay), nameof(totalSteps), totalSteps, 1);
    private readonly double _power = ScheduleChecks.Above(nameof(PolynomialDecay), nameof(power), power, 0);
    private readonly double _minimum = ScheduleChecks.Within(nameof(PolynomialDecay), nameof(minimum), minimum, 0, 1);

    /// <inheritdoc/>
    public override double Factor(long step) => _minimum + ((1 - _minimum) * Math.Pow(1 - ((double)Math.Min(step, _totalSteps) / _totalSteps), _power));

    /// <inheritdoc/>
    public override string ToString() => $"PolynomialDecay({_totalSteps}, {_power}, {_minimum})";
}
