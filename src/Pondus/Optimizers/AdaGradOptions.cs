namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="AdaGrad"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="LearningRateDecay">How the rate falls by itself, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="InitialAccumulator">Where the sum of squares starts, at least 0.</param>
/// <param name="Epsilon">ε, at least 0.</param>
public sealed record AdaGradOptions(float LearningRate = 0.01f, float LearningRateDecay = 0f, float WeightDecay = 0f, float InitialAccumulator = 0f, float Epsilon = 1e-10f)
{
    internal AdaGradOptions Checked()
    {
        OptimizerSettings.AtLeastZero(nameof(AdaGrad), nameof(LearningRateDecay), LearningRateDecay);
        OptimizerSettings.AtLeastZero(nameof(AdaGrad), nameof(WeightDecay), WeightDecay);
        OptimizerSettings.AtLeastZero(nameof(AdaGrad), nameof(InitialAccumulator), InitialAccumulator);
        OptimizerSettings.AtLeastZero(nameof(AdaGrad), nameof(Epsilon), Epsilon);
        return this;
    }
}
