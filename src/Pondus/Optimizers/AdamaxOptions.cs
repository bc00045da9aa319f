namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Adamax"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record AdamaxOptions(float LearningRate = 0.002f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0f)
{
    internal AdamaxOptions Checked()
    {
        OptimizerSettings.Betas(nameof(Adamax), Beta1, Beta2);
        OptimizerSettings.AtLeastZero(nameof(Adamax), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(Adamax), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
