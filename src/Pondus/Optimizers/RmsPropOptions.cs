namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="RmsProp"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Alpha">α in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="Centered">Whether the variance of the gradient divides instead of its mean square.</param>
public sealed record RmsPropOptions(float LearningRate = 0.01f, float Alpha = 0.99f, float Epsilon = 1e-8f, float WeightDecay = 0f, float Momentum = 0f, bool Centered = false)
{
    internal RmsPropOptions Checked()
    {
        OptimizerSettings.InUnitInterval(nameof(RmsProp), nameof(Alpha), Alpha);
        OptimizerSettings.AtLeastZero(nameof(RmsProp), nameof(Epsilon), Epsilon);
        OptimizerSettings.AtLeastZero(nameof(RmsProp), nameof(WeightDecay), WeightDecay);
        OptimizerSettings.InUnitInterval(nameof(RmsProp), nameof(Momentum), Momentum);
        return this;
    }
}
