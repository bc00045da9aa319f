using Pondus.Data;
using Pondus.Schedules;

namespace Pondus.Training;

/// <summary>Finds a learning rate: trains some steps while the rate grows, and looks where the loss falls fastest.</summary>
/// <remarks>
/// <para>The trainer is afterwards as it was before. The test ends early when the loss has grown to four times its least.</para>
/// <para>Source: Smith 2017, arXiv:1506.01186, section 3.3.</para>
/// </remarks>
public static class LearningRateFinder
{
    private const double Memory = 0.9;
    private const double Explosion = 4;

    /// <summary>Runs the test.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="training">The samples.</param>
    /// <param name="lowest">First rate, above 0.</param>
    /// <param name="highest">Last rate, above the first.</param>
    /// <param name="steps">Number of steps, at least 2.</param>
    /// <returns>The curve and a suggestion.</returns>
    public static LearningRateCurve Find(Trainer trainer, Dataset training, double lowest = 1e-6, double highest = 1, int steps = 100)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(training);
        if (!(lowest > 0 && highest > lowest && double.IsFinite(highest)) || steps < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(lowest), lowest, $"LearningRateFinder: expected 0 < lowest < highest and at least 2 steps, got {lowest}, {highest} and {steps}.");
        }

        TrainerSnapshot before = TrainerSnapshot.Of(trainer);
        using CancellationTokenSource end = new();
        Log log = new(end);
        try
        {
            trainer.Optimizer.LearningRate = (float)lowest;
            TrainerOptions options = trainer.Options with
            {
                Steps = steps,
                Schedule = new ExponentialDecay(Math.Pow(highest / lowest, 1.0 / (steps - 1))),
                Averaging = null,
                EarlyStopping = null,
                Settling = null,
            };
            new Trainer(trainer.Model, trainer.Loss, trainer.Optimizer, options, [.. trainer.Metrics]).Fit(training, observers: [log], cancellationToken: end.Token);
        }
        catch (NonFiniteException)
        {
            // A rate that breaks the network is an answer too.
        }
        finally
        {
            before.Restore(trainer);
        }

        return new LearningRateCurve(log.Rates, log.Losses, log.Smoothed, Steepest(log.Rates, log.Smoothed));
    }

    private static double? Steepest(List<double> rates, List<double> smoothed)
    {
        double? best = null;
        double steepest = 0;
        for (int i = 1; i + 1 < smoothed.Count; i++)
        {
            double slope = (smoothed[i + 1] - smoothed[i - 1]) / Math.Log(rates[i + 1] / rates[i - 1]);
            if (slope < steepest)
            {
                (best, steepest) = (rates[i], slope);
            }
        }

        return best;
    }

    private sealed class Log(CancellationTokenSource end) : ITrainingObserver
    {
        private double _mean;
        private double _least = double.PositiveInfinity;

        public List<double> Rates { get; } = [];

        public List<double> Losses { get; } = [];

        public List<double> Smoothed { get; } = [];

        public void OnStep(Trainer trainer, in StepReport report)
        {
            Rates.Add(report.LearningRate);
            Losses.Add(report.Loss);
            _mean = (Memory * _mean) + ((1 - Memory) * report.Loss);
            Smoothed.Add(_mean / (1 - Math.Pow(Memory, Losses.Count)));
            _least = Math.Min(_least, Smoothed[^1]);
            if (Smoothed[^1] > Explosion * _least)
            {
                end.Cancel();
            }
        }
    }
}
