using Pondus.Experiments;
using Pondus.Training;

namespace Pondus.Cli.Output;

/// <summary>Tells the display how far training is: after each epoch, and within one some times a second.</summary>
internal sealed class ProgressObserver(TrainingProgress display, Experiment experiment, TimeProvider time) : ITrainingObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private readonly int? _foldCount = experiment.Data.Split.Folds * experiment.Data.Split.Repeats;
    private int _fold;
    private long _shown;
    private long _begin;
    private long _firstStep;

    public void OnStarted(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _fold++;
        _begin = _shown = time.GetTimestamp();
        _firstStep = trainer.Progress.Step;
        display.Begin();
    }

    public void OnStep(Trainer trainer, in StepReport report)
    {
        // Looking at the clock every step would be most of a small step's watching.
        const int StepsBetweenLooks = 16;
        if (report.Step % StepsBetweenLooks == 0 && time.GetElapsedTime(_shown) >= s_interval)
        {
            Report(trainer, report.Epoch + 1, report.Loss, metrics: null, validation: null);
        }
    }

    public void OnEpoch(Trainer trainer, EpochReport report) => Report(trainer, report.Epoch, report.Loss, report.Metrics, report.Validation);

    private void Report(Trainer trainer, long epoch, double loss, IReadOnlyDictionary<string, double>? metrics, EvaluationResult? validation)
    {
        _shown = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_begin).TotalSeconds;
        IReadOnlyDictionary<string, double>? measured = validation?.Metrics ?? metrics;
        (string Name, double Value)? metric = measured is { Count: > 0 } ? (measured.Keys.First(), measured.Values.First()) : null;
        display.Report(new TrainingProgressReport
        {
            Part = _foldCount is not { } count ? null : _fold <= count ? $"fold {_fold}/{count}" : "all samples",
            Epoch = (int)epoch,
            Epochs = trainer.Options.Steps is null ? trainer.Options.Epochs : 0,
            Step = trainer.Progress.Step,
            Steps = trainer.PlannedSteps,
            Loss = loss,
            ValidationLoss = validation?.Loss,
            Metric = metric,
            SamplesPerSecond = (trainer.Progress.Step - _firstStep) * (double)trainer.Options.BatchSize / Math.Max(seconds, 1e-9),
        });
    }
}
