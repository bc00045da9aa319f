namespace Pondus.Training;

/// <summary>Where training stands: counters, sums of the running epoch, the best weights, what decides about stopping.</summary>
public sealed class TrainingProgress
{
    /// <summary>Gets the number of steps done.</summary>
    public long Step { get; internal set; }

    /// <summary>Gets the number of epochs done.</summary>
    public long Epoch { get; internal set; }

    /// <summary>Gets the number of steps done in the running epoch.</summary>
    public int Position { get; internal set; }

    /// <summary>Gets the mean training loss of the last full epoch.</summary>
    public double LastLoss { get; internal set; } = double.NaN;

    /// <summary>Gets the metrics over the batches of the last full epoch.</summary>
    public IReadOnlyDictionary<string, double> LastMetrics { get; internal set; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Gets the result on the validation set of the best epoch, or null.</summary>
    public EvaluationResult? BestValidation { get; internal set; }

    /// <summary>Gets the epoch of the best weights, from 1; 0 when there is none.</summary>
    public long BestEpoch { get; internal set; }

    /// <summary>Gets why training stopped before its plan was done, or null.</summary>
    public TrainingStatus? StopReason { get; internal set; }

    internal double LossSum { get; set; }

    internal long SampleCount { get; set; }

    internal long EpochsWithoutImprovement { get; set; }

    internal int StillEpochs { get; set; }

    internal double PreviousLoss { get; set; } = double.NaN;

    /// <summary>The best weights by full name, buffers too; empty without validation.</summary>
    internal Dictionary<string, float[]> Best { get; } = new(StringComparer.Ordinal);

    /// <summary>The weights at the end of the epoch before, when settling is watched.</summary>
    internal Dictionary<string, float[]> Previous { get; } = new(StringComparer.Ordinal);

    /// <summary>How many weights the mean is made of.</summary>
    internal long AverageCount { get; set; }

    /// <summary>The mean of the weights by full name, buffers too; empty without averaging.</summary>
    internal Dictionary<string, float[]> Average { get; } = new(StringComparer.Ordinal);

    /// <summary>Puts the best weights back; does nothing when none were kept.</summary>
    /// <param name="model">The network.</param>
    public void RestoreBest(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((string name, Parameter parameter) in model.NamedParameters().Concat(model.NamedBuffers()))
        {
            if (Best.TryGetValue(name, out float[]? values))
            {
                parameter.Set(values);
            }
        }
    }

    internal bool JudgeValidation(Module model, EvaluationResult validation, EarlyStopping? early)
    {
        double limit = (BestValidation?.Loss ?? double.PositiveInfinity) - (early?.MinimumDelta ?? 0);
        if (validation.Loss < limit)
        {
            BestValidation = validation;
            BestEpoch = Epoch;
            EpochsWithoutImprovement = 0;
            CopyWeights(model, Best);
            return true;
        }

        EpochsWithoutImprovement++;
        if (early is not null && EpochsWithoutImprovement >= early.Patience)
        {
            StopReason = TrainingStatus.StoppedEarly;
        }

        return false;
    }

    internal void StartSettling(Trainer trainer)
    {
        if (trainer.Options.Settling is not null && Previous.Count == 0)
        {
            CopyWeights(trainer.Model, Previous);
        }
    }

    internal void JudgeSettling(Trainer trainer)
    {
        if (trainer.Options.Settling is not { } settling)
        {
            return;
        }

        double moved = Movement(trainer.Model);
        double change = Math.Abs(LastLoss - PreviousLoss) / Math.Max(Math.Abs(PreviousLoss), double.Epsilon);
        StillEpochs = moved <= settling.WeightTolerance && (change <= settling.LossTolerance || LastLoss == PreviousLoss) ? StillEpochs + 1 : 0;
        PreviousLoss = LastLoss;
        CopyWeights(trainer.Model, Previous);
        if (StillEpochs >= settling.Patience)
        {
            StopReason ??= TrainingStatus.Settled;
        }
    }

    private static void CopyWeights(Module model, Dictionary<string, float[]> to)
    {
        foreach ((string name, Parameter parameter) in model.NamedParameters().Concat(model.NamedBuffers()))
        {
            if (!to.TryGetValue(name, out float[]? values))
            {
                to[name] = values = new float[parameter.Count];
            }

            parameter.Values.CopyTo(values);
        }
    }

    /// <summary>‖w - w₀‖ / ‖w₀‖ over all parameters, w₀ those of the epoch before.</summary>
    private double Movement(Module model)
    {
        double moved = 0, size = 0;
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            float[] before = Previous[name];
            ReadOnlySpan<float> now = parameter.Values;
            for (int i = 0; i < before.Length; i++)
            {
                double d = (double)now[i] - before[i];
                moved += d * d;
                size += (double)before[i] * before[i];
            }
        }

        return Math.Sqrt(moved / Math.Max(size, double.Epsilon));
    }
}
