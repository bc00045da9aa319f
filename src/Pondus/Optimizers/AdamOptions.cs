namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Adam"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record AdamOptions(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0f)
{
    internal AdamOptions Checked()
    {
        OptimizerSettings.InUnitInterval(nameof(Adam), nameof(Beta1), Beta1);
        OptimizerSettings.InUnitInterval(nameof(Adam), nameof(Beta2), Beta2);
        OptimizerSettings.AtLeastZero(nameof(Adam), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(Adam), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
