namespace Pondus.Training;

/// <summary>The outcome of training.</summary>
/// <param name="Status">Why it ended.</param>
/// <param name="Epochs">Epochs done; a last one that the number of steps cut short counts too.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Duration">Wall time of this call.</param>
/// <param name="Loss">Mean training loss of the last epoch, without penalties on weights; NaN when there was none.</param>
/// <param name="Metrics">Metrics over the batches of the last epoch.</param>
/// <param name="Validation">Result on the validation set of the best weights, or null without one.</param>
/// <param name="BestEpoch">Epoch of the best weights, from 1; 0 when there is no validation set.</param>
public sealed record TrainingResult(TrainingStatus Status, long Epochs, long Steps, TimeSpan Duration, double Loss, IReadOnlyDictionary<string, double> Metrics, EvaluationResult? Validation, long BestEpoch);
