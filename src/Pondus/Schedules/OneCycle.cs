namespace Pondus.Schedules;

/// <summary>One rise of the learning rate to its full value and one long fall to almost nothing, while the momentum falls and rises.</summary>
/// <remarks>
/// <para>Formula: from 1 / startDivisor to 1 over the first steps, then down to 1 / (startDivisor endDivisor); momentum from the upper to the lower bound and back; both along half a cosine, or straight.</para>
/// <para>Differs: the optimizer's learning rate is the peak, PyTorch's <c>max_lr</c>. After the last step the factor stays.</para>
/// <para>Source: Smith and Topin 2018, arXiv:1708.07120.</para>
/// </remarks>
public sealed class OneCycle : Schedule
{
    private readonly long _totalSteps;
    private readonly double _peak;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _straight;
    private readonly (double Lower, double Upper)? _momentum;

    /// <summary>Makes the schedule.</summary>
    /// <param name="totalSteps">Steps of the whole cycle, at least 2.</param>
    /// <param name="rise">Share of the steps in which the rate rises, in (0, 1).</param>
    /// <param name="startDivisor">Peak over first rate, above 0.</param>
    /// <param name="endDivisor">First rate over last rate, above 0.</param>
    /// <param name="straight">Whether rises and falls are straight lines.</param>
    /// <param name="momentum">Bounds of the momentum, or null to leave it.</param>
    public OneCycle(long totalSteps, double rise = 0.3, double startDivisor = 25, double endDivisor = 1e4, bool straight = false, (double Lower, double Upper)? momentum = null)
    {
        const string Who = nameof(OneCycle);
        _totalSteps = ScheduleChecks.AtLeast(Who, nameof(totalSteps), totalSteps, 2);
        _peak = (ScheduleChecks.Within(Who, nameof(rise), rise, double.Epsilon, 1 - double.Epsilon) * totalSteps) - 1;
        _start = 1 / ScheduleChecks.Above(Who, nameof(startDivisor), startDivisor, 0);
        _end = _start / ScheduleChecks.Above(Who, nameof(endDivisor), endDivisor, 0);
        _straight = straight;
        _momentum = momentum;
        if (momentum is { } bounds)
        {
            ScheduleChecks.Within(Who, nameof(momentum), bounds.Upper, 0, 1 - 1e-9);
            ScheduleChecks.Within(Who, nameof(momentum), bounds.Lower, 0, bounds.Upper);
        }
    }

    /// <inheritdoc/>
    public override double Factor(long step) => Value(step, _start, 1, _end);

    /// <inheritdoc/>
    public override double? Momentum(long step) => _momentum is { } bounds ? Value(step, bounds.Upper, bounds.Lower, bounds.Upper) : null;

    /// <inheritdoc/>
    public override string ToString() => $"OneCycle({_totalSteps})";

    private double Value(long step, double first, double middle, double last)
    {
        double at = Math.Min(step, _totalSteps - 1), end = _totalSteps - 1;
        return at <= _peak ? Between(first, middle, at / _peak) : Between(middle, last, (at - _peak) / (end - _peak));
    }

    private double Between(double from, double to, double share) => _straight
        ? from + ((to - from) * share)
        : to + ((from - to) / 2 * (Math.Cos(Math.PI * share) + 1));
}
