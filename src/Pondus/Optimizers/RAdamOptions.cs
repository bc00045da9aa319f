namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="RAdam"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="Decoupled">Whether the weight decay acts on the weight, as in AdamW.</param>
public sealed record RAdamOptions(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0f, bool Decoupled = false)
{
    internal RAdamOptions Checked()
    {
        OptimizerSettings.Betas(nameof(RAdam), Beta1, Beta2);
        OptimizerSettings.AtLeastZero(nameof(RAdam), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(RAdam), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
