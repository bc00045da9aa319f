using Pondus.Data;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Schedules;
using Pondus.Training;

namespace Pondus.Experiments;

/// <summary>Makes the trainer that an experiment describes.</summary>
public static class TrainerBuilder
{
    /// <summary>Makes the trainer.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="model">The network.</param>
    /// <param name="sampleCount">Number of training samples: durations in epochs become steps.</param>
    /// <param name="standardizer">What training samples went through, or null: augmentations need to know.</param>
    /// <returns>The trainer.</returns>
    public static Trainer Build(Experiment experiment, Layer model, int sampleCount, Standardizer? standardizer = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(model);
        TrainingSettings training = experiment.Training;
        int stepsPerEpoch = (sampleCount + experiment.Data.BatchSize - 1) / experiment.Data.BatchSize;
        long steps = Math.Min(training.Steps ?? long.MaxValue, training.Epochs is { } epochs ? (long)epochs * stepsPerEpoch : long.MaxValue);
        TrainerOptions options = new()
        {
            Epochs = training.Epochs ?? (int)Math.Min(int.MaxValue, (steps + stepsPerEpoch - 1) / stepsPerEpoch),
            Steps = training.Steps is null ? null : steps,
            BatchSize = experiment.Data.BatchSize,
            Shuffle = experiment.Data.Shuffle,
            Augmenter = AugmentationSettings.Build(experiment.Data.Augment, standardizer),
            Seed = experiment.Seed,
            Schedule = BuildSchedule(experiment.Schedule, experiment.Optimizer.LearningRate, steps, stepsPerEpoch),
            GradientClipNorm = training.GradientClipNorm,
            GradientClipValue = (float?)training.GradientClipValue,
            L1 = (float)training.L1,
            L2 = (float)training.L2,
            EarlyStopping = training.EarlyStopping is { } early ? new EarlyStopping(early.Patience, early.MinimumDelta) : null,
            Settling = training.Settle is { } settle ? new Settling(settle.LossTolerance, settle.WeightTolerance, settle.Patience) : null,
        };
        return new Trainer(model, BuildLoss(experiment.Loss), BuildOptimizer(experiment.Optimizer, model), options, [.. BuildMetrics(experiment)]);
    }

    /// <summary>Makes the loss.</summary>
    /// <param name="settings">Its settings.</param>
    /// <returns>The loss.</returns>
    public static Loss BuildLoss(LossSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Build();
    }

    /// <summary>Makes the metrics: those that are named, or those that fit the loss.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>The metrics.</returns>
    public static IReadOnlyList<Metric> BuildMetrics(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return MetricNames.Build(experiment.Metrics, experiment.Loss);
    }

    private static Optimizer BuildOptimizer(OptimizerSettings settings, Layer model) => settings switch
    {
        SgdSettings sgd => new Sgd(model.Parameters, new SgdOptions((float)sgd.LearningRate, (float)sgd.Momentum, 0f, sgd.Nesterov, (float)sgd.WeightDecay)),
        AdamWSettings adamW => new AdamW(model.Parameters, new AdamWOptions((float)adamW.LearningRate, (float)adamW.Beta1, (float)adamW.Beta2, (float)adamW.Epsilon, (float)adamW.WeightDecay)),
        AdamSettings adam => new Adam(model.Parameters, new AdamOptions((float)adam.LearningRate, (float)adam.Beta1, (float)adam.Beta2, (float)adam.Epsilon, (float)adam.WeightDecay)),
        _ => throw new ExperimentException("optimizer.type", "a known optimizer", settings.Type),
    };

    private static Schedule? BuildSchedule(ScheduleSettings settings, double learningRate, long steps, int stepsPerEpoch)
    {
        long Steps(long duration, TrainingUnit unit) => unit == TrainingUnit.Epoch ? duration * stepsPerEpoch : duration;
        return settings switch
        {
            ConstantSettings => null,
            StepDecaySettings step => new StepDecay(Steps(step.StepSize, step.Unit), step.Factor),
            ExponentialDecaySettings exponential => new ExponentialDecay(exponential.Factor, Steps(1, exponential.Unit)),
            CosineDecaySettings cosine => new CosineDecay(cosine.Duration is { } duration ? Steps(duration, cosine.Unit) : steps, Math.Min(1, cosine.Minimum / learningRate)),
            WarmUpSettings warmUp => new WarmUp(Steps(warmUp.Duration, warmUp.Unit), BuildSchedule(warmUp.Then, learningRate, Math.Max(1, steps - Steps(warmUp.Duration, warmUp.Unit)), stepsPerEpoch)),
            _ => throw new ExperimentException("schedule.type", "a known schedule", settings.Type),
        };
    }
}
