namespace Pondus.Training;

/// <summary>What happened in an epoch, for observers and progress displays.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Epochs">Epochs planned.</param>
/// <param name="Step">Steps done in all.</param>
/// <param name="Steps">Steps planned in all.</param>
/// <param name="Loss">Mean loss of the epoch's batches, each taken before its update.</param>
/// <param name="Metrics">Metrics over the epoch's batches.</param>
/// <param name="Validation">Result on the validation set, or null without one.</param>
/// <param name="IsBest">Whether the validation loss is the lowest so far.</param>
public sealed record EpochReport(long Epoch, long Epochs, long Step, long Steps, double Loss, IReadOnlyDictionary<string, double> Metrics, EvaluationResult? Validation, bool IsBest);
