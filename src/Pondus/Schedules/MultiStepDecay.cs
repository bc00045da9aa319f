namespace Pondus.Schedules;

/// <summary>Multiplies the learning rate by a factor at given steps: factor^(milestones reached).</summary>
public sealed class MultiStepDecay : Schedule
{
    private readonly long[] _milestones;
    private readonly double _factor;

    /// <summary>Makes the schedule.</summary>
    /// <param name="milestones">Steps at which the factor acts, from that step on; one given twice acts twice.</param>
    /// <param name="factor">The factor, above 0.</param>
    public MultiStepDecay(IEnumerable<long> milestones, double factor = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Order()];
        _factor = ScheduleChecks.Above(nameof(MultiStepDecay), nameof(factor), factor, 0);
        foreach (long milestone in _milestones)
        {
            ScheduleChecks.AtLeast(nameof(MultiStepDecay), nameof(milestones), milestone, 0);
        }
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        int reached = 0;
        while (reached < _milestones.Length && _milestones[reached] <= step)
        {
            reached++;
        }

        return Math.Pow(_factor, reached);
    }

    /// <inheritdoc/>
    public override string ToString() => $"MultiStepDecay([{string.Join(", ", _milestones)}], {_factor})";
}
