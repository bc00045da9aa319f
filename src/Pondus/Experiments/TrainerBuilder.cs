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
        long samplesPerStep = (long)experiment.Data.BatchSize * training.Accumulation;
        int stepsPerEpoch = (int)((sampleCount + samplesPerStep - 1) / samplesPerStep);
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
            Accumulation = training.Accumulation,
            Averaging = training.Averaging switch
            {
                null => null,
                { Type: "Exponential" } running => new ExponentialAveraging(running.Decay, running.WarmUp),
                { } plain => new StochasticAveraging(plain.FromEpoch),
            },
            MaximumNorm = (float?)training.MaximumNorm,
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

    private static Optimizer BuildOptimizer(OptimizerSettings settings, Layer model)
    {
        ParameterGroup[] groups = [.. settings.Groups.Select(static g => new ParameterGroup(g.Match)
        {
            VectorsOnly = g.VectorsOnly,
            LearningRateFactor = (float?)g.LearningRateFactor,
            WeightDecay = (float?)g.WeightDecay,
            Momentum = (float?)g.Momentum,
            Beta2 = (float?)g.Beta2,
            Frozen = g.Frozen,
        })];
        try
        {
            Optimizer optimizer = BuildOptimizer(settings, new ParameterGroups(model, groups));
            return settings.Lookahead is { } lookahead ? new Lookahead(optimizer, new LookaheadOptions(lookahead.Steps, (float)lookahead.Alpha)) : optimizer;
        }
        catch (ArgumentException error)
        {
            throw new ExperimentException("optimizer", error.Message);
        }
    }

    private static Optimizer BuildOptimizer(OptimizerSettings settings, IEnumerable<Parameter> parameters)
    {
        float rate = (float)settings.LearningRate, decay = (float)settings.WeightDecay;
        return settings switch
        {
            SgdSettings o => new Sgd(parameters, new SgdOptions(rate, (float)o.Momentum, (float)o.Dampening, o.Nesterov, decay)),
            AdamWSettings o => new AdamW(parameters, new AdamWOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay, o.AmsGrad)),
            AdamSettings o => new Adam(parameters, new AdamOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay, o.AmsGrad)),
            AdaGradSettings o => new AdaGrad(parameters, new AdaGradOptions(rate, (float)o.LearningRateDecay, decay, (float)o.InitialAccumulator, (float)o.Epsilon)),
            AdaDeltaSettings o => new AdaDelta(parameters, new AdaDeltaOptions(rate, (float)o.Rho, (float)o.Epsilon, decay)),
            RmsPropSettings o => new RmsProp(parameters, new RmsPropOptions(rate, (float)o.Alpha, (float)o.Epsilon, decay, (float)o.Momentum, o.Centered)),
            AdamaxSettings o => new Adamax(parameters, new AdamaxOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay)),
            NAdamSettings o => new NAdam(parameters, new NAdamOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay, (float)o.MomentumDecay, o.Decoupled)),
            RAdamSettings o => new RAdam(parameters, new RAdamOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay, o.Decoupled)),
            LionSettings o => new Lion(parameters, new LionOptions(rate, (float)o.Beta1, (float)o.Beta2, decay)),
            LambSettings o => new Lamb(parameters, new LambOptions(rate, (float)o.Beta1, (float)o.Beta2, (float)o.Epsilon, decay)),
            RpropSettings o => new Rprop(parameters, new RpropOptions(rate, (float)o.EtaMinus, (float)o.EtaPlus)),
            AsgdSettings o => new Asgd(parameters, new AsgdOptions(rate, (float)o.Lambda, (float)o.Alpha, (float)o.AverageFrom, decay)),
            LbfgsSettings o => new Lbfgs(parameters, new LbfgsOptions(rate, o.MaximumIterations, HistorySize: o.HistorySize, StrongWolfe: o.StrongWolfe)),
            _ => throw new ExperimentException("optimizer.type", "a known optimizer", settings.Type),
        };
    }

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
            PolynomialDecaySettings power => new PolynomialDecay(power.Duration is { } duration ? Steps(duration, power.Unit) : steps, power.Power, Math.Min(1, power.Minimum / learningRate)),
            LinearRampSettings ramp => new LinearRamp(ramp.Duration is { } duration ? Steps(duration, ramp.Unit) : steps, ramp.Start, ramp.End),
            CosineRestartsSettings restarts => new CosineRestarts(Steps(restarts.Period, restarts.Unit), restarts.Growth, Math.Min(1, restarts.Minimum / learningRate)),
            OneCycleSettings cycle => new OneCycle(Math.Max(2, steps), cycle.Rise, cycle.StartDivisor, cycle.EndDivisor, cycle.Straight, cycle.CycleMomentum ? (cycle.LowerMomentum, cycle.UpperMomentum) : null),
            InverseSquareRootSettings root => new InverseSquareRoot(Steps(root.WarmUp, root.Unit)),
            MultiStepDecaySettings several => new MultiStepDecay(several.Milestones.Select(milestone => Steps(milestone, several.Unit)), several.Factor),
            ReduceOnPlateauSettings plateau => new ReduceOnPlateau(plateau.Factor, plateau.Patience, plateau.Threshold, plateau.Cooldown, Math.Min(1, plateau.Minimum / learningRate)),
            _ => throw new ExperimentException("schedule.type", "a known schedule", settings.Type),
        };
    }
}
