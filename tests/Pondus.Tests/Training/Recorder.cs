using Pondus.Training;

namespace Pondus.Tests.Training;

/// <summary>Writes down what a trainer tells, and may do something after each step.</summary>
internal sealed class Recorder(Action<Trainer, StepReport>? afterStep = null) : ITrainingObserver
{
    public List<StepReport> Steps { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public List<string> Events { get; } = [];

    /// <summary>All numbers as text, in order: a log to compare.</summary>
    public List<string> Log { get; } = [];

    public void OnStarted(Trainer trainer) => Events.Add("started");

    public void OnStep(Trainer trainer, in StepReport report)
    {
        Steps.Add(report);
        Log.Add($"step {report.Step} of epoch {report.Epoch}: {report.Loss:R} {report.LearningRate:R} {report.GradientNorm:R}");
        afterStep?.Invoke(trainer, report);
    }

    public void OnEpoch(Trainer trainer, EpochReport report)
    {
        Epochs.Add(report);
        Events.Add($"epoch {report.Epoch}");
        Log.Add($"epoch {report.Epoch}: {report.Loss:R} {string.Join(' ', report.Metrics)} {report.Validation?.Loss:R} {report.IsBest}");
    }

    public void OnEnded(Trainer trainer, TrainingStatus status) => Events.Add($"ended {status}");
}
