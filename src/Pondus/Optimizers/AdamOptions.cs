namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Adam"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="AmsGrad">Whether the largest v̂ so far divides: AMSGrad, one float a weight more.</param>
public record AdamOptions(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0f, bool AmsGrad = false)
{
    private protected virtual string Who => nameof(Adam);

    internal AdamOptions Checked()
    {
        OptimizerSettings.Betas(Who, Beta1, Beta2);
        OptimizerSettings.AtLeastZero(Who, nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(Who, nameof(WeightDecay), WeightDecay);
        return this;
    }
}
