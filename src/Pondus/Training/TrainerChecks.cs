namespace Pondus.Training;

/// <summary>Checks a trainer's settings.</summary>
internal static class TrainerChecks
{
    public static void Check(TrainerOptions options)
    {
        AtLeast(nameof(options.Epochs), options.Epochs, 1);
        AtLeast(nameof(options.Steps), options.Steps ?? 1, 1);
        AtLeast(nameof(options.BatchSize), options.BatchSize, 1);
        Above(nameof(options.GradientClipNorm), options.GradientClipNorm ?? 1);
        Above(nameof(options.GradientClipValue), options.GradientClipValue ?? 1);
        AtLeast(nameof(options.L1), options.L1, 0);
        AtLeast(nameof(options.L2), options.L2, 0);
        AtLeast(nameof(options.Accumulation), options.Accumulation, 1);
        Above(nameof(options.MaximumNorm), options.MaximumNorm ?? 1);
        if (options.Averaging is ExponentialAveraging { Decay: not (>= 0 and < 1) } exponential)
        {
            throw new ArgumentOutOfRangeException(nameof(exponential.Decay), exponential.Decay, $"Trainer: expected Decay in [0, 1), got {exponential.Decay}.");
        }

        if (options.Averaging is StochasticAveraging stochastic)
        {
            AtLeast(nameof(stochastic.FromEpoch), stochastic.FromEpoch, 1);
        }

        if (options.EarlyStopping is { } early)
        {
            AtLeast(nameof(early.Patience), early.Patience, 1);
            AtLeast(nameof(early.MinimumDelta), early.MinimumDelta, 0);
        }

        if (options.Settling is { } settling)
        {
            AtLeast(nameof(settling.Patience), settling.Patience, 1);
            Above(nameof(settling.LossTolerance), settling.LossTolerance);
            Above(nameof(settling.WeightTolerance), settling.WeightTolerance);
        }
    }

    private static void AtLeast(string name, double value, double least)
    {
        if (!(value >= least) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"Trainer: expected {name} of at least {least}, got {value}.");
        }
    }

    private static void Above(string name, double value)
    {
        if (!(value > 0))
        {
            throw new ArgumentOutOfRangeException(name, value, $"Trainer: expected {name} above 0, got {value}.");
        }
    }
}
