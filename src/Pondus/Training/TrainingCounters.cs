using System.Text.Json.Serialization;
using Pondus.Metrics;

namespace Pondus.Training;

/// <summary>The numbers of a checkpoint that are no tensors.</summary>
internal sealed record TrainingCounters(long Step, long Epoch, int Position, long OptimizerStep, double LastLoss, double LossSum, long SampleCount, long EpochsWithoutImprovement, int StillEpochs, double PreviousLoss, long BestEpoch, string? StopReason, Dictionary<string, double>? LastMetrics, Dictionary<string, double[]>? Sums, TrainingCounters.Best? BestValidation, long AverageCount = 0, IReadOnlyList<double>? OptimizerNumbers = null, Dictionary<string, long>? ParameterSteps = null, IReadOnlyList<double>? ScheduleState = null)
{
    /// <summary>Takes the counters of a trainer.</summary>
    public static TrainingCounters Of(Trainer trainer)
    {
        TrainingProgress at = trainer.Progress;
        EvaluationResult? best = at.BestValidation;
        return new TrainingCounters(at.Step, at.Epoch, at.Position, trainer.Optimizer.StepNumber, at.LastLoss, at.LossSum, at.SampleCount, at.EpochsWithoutImprovement, at.StillEpochs, at.PreviousLoss, at.BestEpoch, at.StopReason?.ToString(), new(at.LastMetrics, StringComparer.Ordinal), trainer.Metrics.ToDictionary(static m => m.Name, static m => m.Sums.ToArray(), StringComparer.Ordinal), best is null ? null : new Best(best.Loss, new(best.Metrics, StringComparer.Ordinal), best.Count), at.AverageCount, trainer.Optimizer.Numbers, LaggingSteps(trainer), trainer.Options.Schedule?.State);
    }

    /// <summary>Says what cannot be so in a checkpoint of this trainer, or null.</summary>
    public string? Problem(Trainer trainer)
    {
        foreach ((string name, long value) in new[] { (nameof(Step), Step), (nameof(Epoch), Epoch), (nameof(Position), Position), (nameof(OptimizerStep), OptimizerStep), (nameof(SampleCount), SampleCount), (nameof(EpochsWithoutImprovement), EpochsWithoutImprovement), (nameof(StillEpochs), StillEpochs), (nameof(BestEpoch), BestEpoch), (nameof(AverageCount), AverageCount) })
        {
            if (value < 0)
            {
                return $"expected {name} of at least 0, got {value}.";
            }
        }

        if (StopReason is not null && !Enum.GetNames<TrainingStatus>().Contains(StopReason, StringComparer.Ordinal))
        {
            return $"expected StopReason of {string.Join(", ", Enum.GetNames<TrainingStatus>())}, got '{StopReason}'.";
        }

        if (LastMetrics is null || Sums is null || BestValidation is { Metrics: null })
        {
            return $"expected LastMetrics, Sums and the metrics of BestValidation, got none.";
        }

        foreach ((string name, int count, int expected) in new[] { (nameof(OptimizerNumbers), OptimizerNumbers?.Count ?? 0, trainer.Optimizer.Numbers.Count), (nameof(ScheduleState), ScheduleState?.Count ?? 0, trainer.Options.Schedule?.State.Count ?? 0) })
        {
            if (count != expected)
            {
                return $"expected {expected} numbers in {name}, got {count}. The checkpoint is of a run with another optimizer or schedule.";
            }
        }

        foreach (Metric metric in trainer.Metrics)
        {
            int count = Sums.TryGetValue(metric.Name, out double[]? sums) ? sums?.Length ?? 0 : 0;
            if (sums is null || !metric.Accepts(count))
            {
                return $"expected {metric.Sums.Length} sums of metric '{metric.Name}', got {count}. The checkpoint is of a run with other metrics.";
            }
        }

        return null;
    }

    /// <summary>Puts the counters into a trainer; they must have no <see cref="Problem"/>.</summary>
    public void Restore(Trainer trainer)
    {
        trainer.Optimizer.Restore(OptimizerStep);
        trainer.Optimizer.Numbers = OptimizerNumbers ?? [];
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
        {
            if (ParameterSteps?.TryGetValue(name, out long steps) == true && trainer.Optimizer.Parameters.Contains(parameter))
            {
                trainer.Optimizer.RestoreSteps(parameter, steps);
            }
        }

        if (trainer.Options.Schedule is { } schedule)
        {
            schedule.State = ScheduleState ?? [];
        }

        foreach (Metric metric in trainer.Metrics)
        {
            metric.Restore(Sums![metric.Name]);
        }

        trainer.Progress = new TrainingProgress
        {
            Step = Step,
            Epoch = Epoch,
            Position = Position,
            LastLoss = LastLoss,
            LossSum = LossSum,
            SampleCount = SampleCount,
            EpochsWithoutImprovement = EpochsWithoutImprovement,
            StillEpochs = StillEpochs,
            PreviousLoss = PreviousLoss,
            BestEpoch = BestEpoch,
            AverageCount = AverageCount,
            StopReason = StopReason is null ? null : Enum.Parse<TrainingStatus>(StopReason),
            LastMetrics = LastMetrics!,
            BestValidation = BestValidation is null ? null : new EvaluationResult(BestValidation.Loss, BestValidation.Metrics!, BestValidation.Count),
        };
    }

    /// <summary>The steps of the parameters that were left out of some; null when there are none.</summary>
    private static Dictionary<string, long>? LaggingSteps(Trainer trainer)
    {
        HashSet<Parameter> moved = [.. trainer.Optimizer.Parameters];
        Dictionary<string, long> steps = new(StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
        {
            if (moved.Contains(parameter) && trainer.Optimizer.StepsOf(parameter) is long own && own != trainer.Optimizer.StepNumber)
            {
                steps[name] = own;
            }
        }

        return steps.Count == 0 ? null : steps;
    }

    internal sealed record Best(double Loss, Dictionary<string, double>? Metrics, int Count);
}

/// <summary>Source-generated JSON of the counters; NaN is a named literal.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingCounters))]
internal sealed partial class TrainingCountersJson : JsonSerializerContext;
