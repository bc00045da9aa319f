namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="AdaDelta"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Rho">ρ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record AdaDeltaOptions(float LearningRate = 1f, float Rho = 0.9f, float Epsilon = 1e-6f, float WeightDecay = 0f)
{
    internal AdaDeltaOptions Checked()
    {
        OptimizerSettings.InUnitInterval(nameof(AdaDelta), nameof(Rho), Rho);
        OptimizerSettings.AtLeastZero(nameof(AdaDelta), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(AdaDelta), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
