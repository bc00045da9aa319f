namespace Pondus.Schedules;

/// <summary>Multiplies the learning rate by a factor over every period, smoothly: factor^(step / period).</summary>
/// <param name="factor">The factor, above 0.</param>
/// <param name="period">Steps over which the factor acts once, such as those of an epoch; 1 as PyTorch's.</param>
public sealed class ExponentialDecay(double factor, long period = 1) : Schedule
{
    private readonly long _period = period >= 1 ? period : throw new ArgumentOutOfRangeException(nameof(period), period, $"ExponentialDecay: expected a period of at least 1, got {period}.");

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(factor, (double)step / _period);

    /// <inheritdoc/>
    public override string ToString() => $"ExponentialDecay({factor}, {_period})";
}
