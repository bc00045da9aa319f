using Pondus.Cli.Output;
using Pondus.Training;

namespace Pondus.Cli.Services;

/// <summary>Tells the display how far training is: after each epoch, and within one some times a second.</summary>
internal sealed class ProgressObserver(IProgress<TrainingProgressReport> progress, TimeProvider time) : ITrainingObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private long _shown;
    private long _begin;
    private long _firstStep;

    public void OnStarted(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _begin = _shown = time.GetTimestamp();
        _firstStep = trainer.Progress.Step;
    }

    public void OnStep(Trainer trainer, in StepReport report)
    {
        // Looking at the clock every step would be most of a small step's watching.
        const int StepsBetweenLooks = 16;
        if (report.Step % StepsBetweenLooks == 0 && time.GetElapsedTime(_shown) >= s_interval)
        {
            Report(trainer, report.Epoch + 1, report.Loss, null, null);
        }
    }

    public void OnEpoch(Trainer trainer, EpochReport report)
    {
        IReadOnlyDictionary<string, double> metrics = report.Validation?.Metrics ?? report.Metrics;
        Report(trainer, report.Epoch, report.Loss, report.Validation?.Loss, metrics.Count > 0 ? metrics.Values.First() : null);
    }

    private void Report(Trainer trainer, long epoch, double loss, double? validation, double? metric)
    {
        _shown = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_begin).TotalSeconds;
        double rate = (trainer.Progress.Step - _firstStep) * (double)trainer.Options.BatchSize / Math.Max(seconds, 1e-9);
        int epochs = trainer.Options.Steps is null ? trainer.Options.Epochs : 0;
        progress.Report(new TrainingProgressReport((int)epoch, epochs, trainer.Progress.Step, trainer.PlannedSteps, loss, validation, metric, rate));
    }
}
