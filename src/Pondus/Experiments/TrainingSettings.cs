using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>How long and under which limits training goes on.</summary>
public sealed record TrainingSettings
{
    /// <summary>Gets the number of epochs, or null when only <see cref="Steps"/> ends the training; what is reached first ends it.</summary>
    public int? Epochs { get; init; } = 10;

    /// <summary>Gets the number of steps, or null for no limit.</summary>
    public long? Steps { get; init; }

    /// <summary>Gets the largest norm of all gradients together, or null for no limit.</summary>
    public double? GradientClipNorm { get; init; }

    /// <summary>Gets the largest size of one gradient value, or null for no limit.</summary>
    public double? GradientClipValue { get; init; }

    /// <summary>Gets the number of batches whose gradients make one step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Gets the mean of weights that is evaluated and kept, or null.</summary>
    public AveragingSettings? Averaging { get; init; }

    /// <summary>Gets the largest norm of the weights that lead to one output, or null for no limit.</summary>
    public double? MaximumNorm { get; init; }

    /// <summary>Gets the factor on the sum of absolute weights in the loss.</summary>
    public double L1 { get; init; }

    /// <summary>Gets the factor on the sum of squared weights in the loss.</summary>
    public double L2 { get; init; }

    /// <summary>Gets when to end for lack of progress, or null for never.</summary>
    public EarlyStoppingSettings? EarlyStopping { get; init; }

    /// <summary>Gets when to end because weights have settled, or null for never.</summary>
    public SettleSettings? Settle { get; init; }

    /// <summary>Gets the time between checkpoints, in <see cref="CheckpointUnit"/>s.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Gets the unit of <see cref="CheckpointEvery"/>.</summary>
    public TrainingUnit CheckpointUnit { get; init; } = TrainingUnit.Epoch;

    /// <summary>Gets the number of threads, or null for one per core; results do not depend on it.</summary>
    public int? Threads { get; init; }

    internal static Kind<TrainingSettings> Kind { get; } = new SectionKind<TrainingSettings>(new(), static (s, f) => s.Visit(f));

    private TrainingSettings Visit(Fields f)
    {
        TrainingSettings visited = this with
        {
            Epochs = f.Get("epochs", Epochs, Kinds.OptionalValue(Kinds.Integer(1)), "Number of epochs; null when steps ends the training."),
            Steps = f.Get("steps", Steps, Kinds.OptionalValue(Kinds.Long(1)), "Number of steps; null for no limit."),
            GradientClipNorm = f.Get("gradientClipNorm", GradientClipNorm, Kinds.OptionalValue(Kinds.Positive), "Largest norm of all gradients together."),
            GradientClipValue = f.Get("gradientClipValue", GradientClipValue, Kinds.OptionalValue(Kinds.Positive), "Largest size of one gradient value."),
            Accumulation = f.Get("accumulation", Accumulation, Kinds.Integer(1), "Number of batches whose gradients make one step."),
            Averaging = f.Get("averaging", Averaging, Kinds.Optional(AveragingSettings.Kind), "Mean of the weights that is evaluated and kept."),
            MaximumNorm = f.Get("maximumNorm", MaximumNorm, Kinds.OptionalValue(Kinds.Positive), "Largest norm of the weights that lead to one output."),
            L1 = f.Get("l1", L1, Kinds.NotNegative, "Factor on the sum of absolute weights in the loss."),
            L2 = f.Get("l2", L2, Kinds.NotNegative, "Factor on the sum of squared weights in the loss."),
            EarlyStopping = f.Get("earlyStopping", EarlyStopping, Kinds.Optional(EarlyStoppingSettings.Kind), "When to end for lack of progress."),
            Settle = f.Get("settle", Settle, Kinds.Optional(SettleSettings.Kind), "When to end because weights have settled."),
            CheckpointEvery = f.Get("checkpointEvery", CheckpointEvery, Kinds.OptionalValue(Kinds.Integer(1)), "Time between checkpoints, in units; null is every five seconds. Results do not depend on it."),
            CheckpointUnit = f.Get("checkpointUnit", CheckpointUnit, Kinds.Choice<TrainingUnit>(), "Unit of checkpointEvery."),
            Threads = f.Get("threads", Threads, Kinds.OptionalValue(Kinds.Integer(1, 1024)), "Number of threads; null for one per core."),
        };
        f.Check(visited.Epochs is not null || visited.Steps is not null, "epochs", "a number in epochs or in steps", "null in both");
        return visited;
    }
}
