using Pondus.Cli.Output;

namespace Pondus.Cli.Services;

/// <summary>Does the work of the commands <c>train</c>, <c>evaluate</c> and <c>predict</c>.</summary>
internal interface IExperimentRunner
{
    /// <summary>Trains; when cancelled it writes a checkpoint and returns with status <c>interrupted</c>.</summary>
    Task<TrainOutcome> TrainAsync(TrainRequest request, IProgress<TrainingProgressReport> progress, CancellationToken cancellationToken);

    /// <summary>Measures loss and metrics of a run's best weights.</summary>
    Task<EvaluateOutcome> EvaluateAsync(EvaluateRequest request, CancellationToken cancellationToken);

    /// <summary>Answers for every sample of a file.</summary>
    Task<PredictOutcome> PredictAsync(PredictRequest request, CancellationToken cancellationToken);
}
