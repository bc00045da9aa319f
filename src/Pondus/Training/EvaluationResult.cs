namespace Pondus.Training;

/// <summary>How good a network is on a data set.</summary>
/// <param name="Loss">Mean loss over the samples.</param>
/// <param name="Metrics">Value of each metric by name.</param>
/// <param name="Count">Number of samples.</param>
public sealed record EvaluationResult(double Loss, IReadOnlyDictionary<string, double> Metrics, int Count);
