using Pondus.Data.Augmentations;
using Pondus.Schedules;

namespace Pondus.Training;

/// <summary>Settings of a <see cref="Trainer"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>Gets the number of passes over the data, at least 1; ignored when <see cref="Steps"/> is given.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Gets the number of steps, at least 1, or null to count epochs.</summary>
    public long? Steps { get; init; }

    /// <summary>Gets the number of samples of a step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets a value indicating whether each epoch has its own order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Gets how training samples are changed at random, or null.</summary>
    public Augmenter? Augmenter { get; init; }

    /// <summary>Gets the seed of the order of samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the schedule of the learning rate; null keeps it.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Gets the largest norm of all gradients together, above 0, or null.</summary>
    public double? GradientClipNorm { get; init; }

    /// <summary>Gets the largest magnitude of a gradient value, above 0, or null.</summary>
    public float? GradientClipValue { get; init; }

    /// <summary>Gets the number of batches whose gradients make one step, at least 1; the last step of an epoch may have fewer.</summary>
    /// <remarks>Each batch counts by its number of samples, so the step is that of one batch of all of them, for a loss that is a mean over samples.</remarks>
    public int Accumulation { get; init; } = 1;

    /// <summary>Gets the mean of weights that is evaluated and kept, or null.</summary>
    public WeightAveraging? Averaging { get; init; }

    /// <summary>Gets the largest norm of a row of weights, above 0, or null; see <see cref="Optimizers.WeightConstraint.MaximumNorm"/>.</summary>
    public float? MaximumNorm { get; init; }

    /// <summary>Gets the price of absolute weights, see <see cref="Losses.WeightPenalty"/>.</summary>
    public float L1 { get; init; }

    /// <summary>Gets the price of squared weights, see <see cref="Losses.WeightPenalty"/>.</summary>
    public float L2 { get; init; }

    /// <summary>Gets when to stop because validation no longer improves, or null.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Gets when to stop because the weights have settled, or null.</summary>
    public Settling? Settling { get; init; }

    /// <summary>Gets a value indicating whether the best weights by validation loss are put back at the end.</summary>
    public bool RestoreBest { get; init; } = true;
}
