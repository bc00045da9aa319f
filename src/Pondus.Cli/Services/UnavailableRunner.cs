using Pondus.Cli.Output;

namespace Pondus.Cli.Services;

/// <summary>Stands where the trainer is going to be; every command that needs it fails with one line.</summary>
internal sealed class UnavailableRunner : IExperimentRunner
{
    public Task<TrainOutcome> TrainAsync(TrainRequest request, IProgress<TrainingProgressReport> progress, CancellationToken cancellationToken) => throw Missing("train");

    public Task<EvaluateOutcome> EvaluateAsync(EvaluateRequest request, CancellationToken cancellationToken) => throw Missing("evaluate");

    public Task<PredictOutcome> PredictAsync(PredictRequest request, CancellationToken cancellationToken) => throw Missing("predict");

    private static NotSupportedException Missing(string command) => new($"{command}: this build has no trainer.");
}
