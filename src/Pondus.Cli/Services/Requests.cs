using Pondus.Experiments;

namespace Pondus.Cli.Services;

/// <summary>What <c>train</c> is asked to do.</summary>
/// <param name="Experiment">The experiment, with the command line's changes made.</param>
/// <param name="RunFolder">The run's folder, or null for a new one under <c>runs</c>.</param>
/// <param name="Resume">Whether the run in that folder is continued.</param>
/// <param name="InitialWeights">File of weights to start from, or null.</param>
/// <param name="Frozen">Patterns of the names of parameters that stay as they are.</param>
internal sealed record TrainRequest(Experiment Experiment, string? RunFolder, bool Resume, string? InitialWeights, IReadOnlyList<string> Frozen);

/// <summary>What <c>evaluate</c> is asked to do.</summary>
/// <param name="RunFolder">The run's folder.</param>
/// <param name="Data">Other data than the run's own, or null.</param>
internal sealed record EvaluateRequest(string RunFolder, string? Data);

/// <summary>What <c>predict</c> is asked to do.</summary>
/// <param name="RunFolder">The run's folder.</param>
/// <param name="Input">The file with the samples.</param>
internal sealed record PredictRequest(string RunFolder, string Input);
