namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Lion"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record LionOptions(float LearningRate = 0.0001f, float Beta1 = 0.9f, float Beta2 = 0.99f, float WeightDecay = 0f)
{
    internal LionOptions Checked()
    {
        OptimizerSettings.Betas(nameof(Lion), Beta1, Beta2);
        OptimizerSettings.AtLeastZero(nameof(Lion), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
