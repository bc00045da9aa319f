namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Sgd"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="Dampening">d in [0, 1].</param>
/// <param name="Nesterov">Whether the gradient is taken where the momentum leads.</param>
/// <param name="WeightDecay">λ, at least 0; part of the gradient.</param>
public sealed record SgdOptions(float LearningRate = 0.01f, float Momentum = 0f, float Dampening = 0f, bool Nesterov = false, float WeightDecay = 0f)
{
    internal SgdOptions Checked()
    {
        OptimizerSettings.InUnitInterval(nameof(Sgd), nameof(Momentum), Momentum);
        OptimizerSettings.AtLeastZero(nameof(Sgd), nameof(WeightDecay), WeightDecay);
        if (Dampening is not (>= 0f and <= 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(Dampening), Dampening, $"Sgd: expected Dampening in [0, 1], got {Dampening}.");
        }

        return Nesterov && (Momentum == 0f || Dampening != 0f)
            ? throw new ArgumentOutOfRangeException(nameof(Nesterov), $"Sgd: expected Momentum above 0 and Dampening 0 with Nesterov, got Momentum {Momentum} and Dampening {Dampening}.")
            : this;
    }
}
