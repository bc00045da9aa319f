namespace Pondus.Schedules;

/// <summary>Raises the learning rate in equal steps to its full value, then lets it fall as one over the root of the step.</summary>
/// <remarks>Formula: min((step + 1) / n, √(n / (step + 1))). Source: Vaswani et al. 2017, arXiv:1706.03762, section 5.3, scaled to 1 at its peak.</remarks>
/// <param name="warmUpSteps">Steps n until the peak, at least 1.</param>
public sealed class InverseSquareRoot(long warmUpSteps) : Schedule
{
    private readonly long _warmUpSteps = ScheduleChecks.AtLeast(nameof(InverseSquareRoot), nameof(warmUpSteps), warmUpSteps, 1);

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Min((step + 1.0) / _warmUpSteps, Math.Sqrt(_warmUpSteps / (step + 1.0)));

    /// <inheritdoc/>
    public override string ToString() => $"InverseSquareRoot({_warmUpSteps})";
}
