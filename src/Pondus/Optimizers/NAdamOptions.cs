namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="NAdam"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="MomentumDecay">ψ, how fast the momentum rises to β₁, at least 0.</param>
/// <param name="Decoupled">Whether the weight decay acts on the weight, as in AdamW.</param>
public sealed record NAdamOptions(float LearningRate = 0.002f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0f, float MomentumDecay = 0.004f, bool Decoupled = false)
{
    internal NAdamOptions Checked()
    {
        OptimizerSettings.Betas(nameof(NAdam), Beta1, Beta2);
        OptimizerSettings.AtLeastZero(nameof(NAdam), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(NAdam), nameof(WeightDecay), WeightDecay);
        OptimizerSettings.AtLeastZero(nameof(NAdam), nameof(MomentumDecay), MomentumDecay);
        return this;
    }
}
