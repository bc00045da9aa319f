namespace Pondus.Schedules;

/// <summary>Multiplies the learning rate by a factor every so many steps: factor^floor(step / size).</summary>
/// <param name="stepSize">Steps between changes, at least 1.</param>
/// <param name="factor">The factor, above 0.</param>
public sealed class StepDecay(long stepSize, double factor = 0.1) : Schedule
{
    private readonly long _stepSize = stepSize >= 1 ? stepSize : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, $"StepDecay: expected a step size of at least 1, got {stepSize}.");

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(factor, step / _stepSize);

    /// <inheritdoc/>
    public override string ToString() => $"StepDecay({_stepSize}, {factor})";
}
