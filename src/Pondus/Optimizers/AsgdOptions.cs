namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Asgd"/>.</summary>
/// <param name="LearningRate">η, at least 0.</param>
/// <param name="Lambda">Decay of the weights and of the rate, at least 0.</param>
/// <param name="Alpha">Power of the rate's fall, at least 0.</param>
/// <param name="AverageFrom">Step after which weights are averaged, at least 0.</param>
/// <param name="WeightDecay">Weight decay in the gradient, at least 0.</param>
public sealed record AsgdOptions(float LearningRate = 0.01f, float Lambda = 0.0001f, float Alpha = 0.75f, float AverageFrom = 1e6f, float WeightDecay = 0f)
{
    internal AsgdOptions Checked()
    {
        OptimizerSettings.AtLeastZero(nameof(Asgd), nameof(Lambda), Lambda);
        OptimizerSettings.AtLeastZero(nameof(Asgd), nameof(Alpha), Alpha);
        OptimizerSettings.AtLeastZero(nameof(Asgd), nameof(AverageFrom), AverageFrom);
        OptimizerSettings.AtLeastZero(nameof(Asgd), nameof(WeightDecay), WeightDecay);
        return this;
    }
}
