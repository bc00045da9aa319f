namespace Pondus.Schedules;

/// <summary>Lets the learning rate fall along half a cosine: m + (1 - m)(1 + cos(π step / total)) / 2, then stays at m.</summary>
/// <remarks>Source: Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5 without restarts.</remarks>
/// <param name="totalSteps">Steps until the minimum, at least 1.</param>
/// <param name="minimum">Factor at the end, m in [0, 1].</param>
public sealed class CosineDecay(long totalSteps, double minimum = 0) : Schedule
{
    private readonly long _totalSteps = totalSteps >= 1 ? totalSteps : throw new ArgumentOutOfRangeException(nameof(totalSteps), totalSteps, $"CosineDecay: expected at least 1 step, got {totalSteps}.");

    /// <inheritdoc/>
    public override double Factor(long step) => minimum + ((1 - minimum) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, _totalSteps) / _totalSteps)));

    /// <inheritdoc/>
    public override string ToString() => $"CosineDecay({_totalSteps}, {minimum})";
}
