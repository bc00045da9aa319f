namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Lamb"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record LambOptions(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-6f, float WeightDecay = 0.01f)
{
    internal LambOptions Checked()
    {
        OptimizerSettings.Betas(nameof(Lamb), Beta1, Beta2);
        OptimizerSettings.AtLeastZero(nameof(Lamb), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(Lamb), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
