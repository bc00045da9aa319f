namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Lbfgs"/>.</summary>
/// <param name="LearningRate">η, at least 0: what a direction is multiplied by, with a line search where that starts.</param>
/// <param name="MaximumIterations">Directions of one step, at least 1.</param>
/// <param name="MaximumEvaluations">Evaluations of one step, at least 1; null is 5/4 of the iterations.</param>
/// <param name="GradientTolerance">Largest gradient at which a step ends, at least 0.</param>
/// <param name="ChangeTolerance">Smallest change of weights or loss with which a step goes on, at least 0.</param>
/// <param name="HistorySize">Pairs of steps and changes of the gradient that are kept, at least 1: two floats a weight each.</param>
/// <param name="StrongWolfe">Whether a line search finds a point that fulfils the strong Wolfe conditions.</param>
public sealed record LbfgsOptions(float LearningRate = 1f, int MaximumIterations = 20, int? MaximumEvaluations = null, float GradientTolerance = 1e-7f, float ChangeTolerance = 1e-9f, int HistorySize = 10, bool StrongWolfe = false)
{
    internal LbfgsOptions Checked()
    {
        foreach ((string name, int value) in new[] { (nameof(MaximumIterations), MaximumIterations), (nameof(MaximumEvaluations), MaximumEvaluations ?? 1), (nameof(HistorySize), HistorySize) })
        {
            if (value < 1)
            {
                throw new ArgumentOutOfRangeException(name, value, $"Lbfgs: expected {name} of at least 1, got {value}.");
            }
        }

        OptimizerSettings.AtLeastZero(nameof(Lbfgs), nameof(GradientTolerance), GradientTolerance);
        OptimizerSettings.AtLeastZero(nameof(Lbfgs), nameof(ChangeTolerance), ChangeTolerance);
        return this;
    }
}
