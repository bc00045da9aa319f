using Pondus.Training;

namespace Pondus.Runs;

/// <summary>Writes what happens into a run's folder: scalars for TensorBoard, and checkpoints.</summary>
/// <remarks>
/// <para>Scalars: at steps fixed in advance, about a thousand over the run, since TensorBoard shows no more; and after each epoch.</para>
/// <para>Checkpoints hold the length of the log, so a resumed run cuts it there and writes the same records again.</para>
/// </remarks>
internal sealed class RunRecorder : ITrainingObserver, IDisposable
{
    private const int LoggedSteps = 1000;
    private const string LogFileKey = "pondus.log_file";
    private const string LogLengthKey = "pondus.log_length";
    private static readonly TimeSpan s_usualInterval = TimeSpan.FromSeconds(5);
    private readonly RunFolder _folder;
    private readonly TimeProvider _time;
    private readonly long? _everySteps;
    private readonly long? _everyEpochs;
    private readonly bool _logs;
    private EventWriter? _log;
    private long _logEvery = 1;
    private long _lastCheckpoint;

    public RunRecorder(RunFolder folder, TimeProvider time, bool logs, long? everySteps, long? everyEpochs)
    {
        _folder = folder;
        _time = time;
        _logs = logs;
        _everySteps = everySteps;
        _everyEpochs = everyEpochs;
        _lastCheckpoint = time.GetTimestamp();
    }

    /// <summary>Gets the digest of the last weights, known at the end.</summary>
    public string? FinalSha256 { get; private set; }

    /// <summary>Brings trainer and log back to the last checkpoint; false when there is none.</summary>
    public bool Resume(Trainer trainer)
    {
        if (!File.Exists(_folder.Checkpoint))
        {
            _folder.DeleteLogs();
            return false;
        }

        IReadOnlyDictionary<string, string> extra = TrainingState.Load(trainer, _folder.Checkpoint);
        if (_logs && extra.TryGetValue(LogFileKey, out string? name) && extra.TryGetValue(LogLengthKey, out string? length))
        {
            _log = EventWriter.Open(Path.Combine(_folder.Path, name), long.Parse(length, System.Globalization.CultureInfo.InvariantCulture), _time);
        }

        return true;
    }

    public void OnStarted(Trainer trainer)
    {
        if (_logs)
        {
            _log ??= EventWriter.Create(_folder.Path, _time);
        }

        _logEvery = Math.Max(1, trainer.PlannedSteps / LoggedSteps);
    }

    public void OnStep(Trainer trainer, in StepReport report)
    {
        if (_log is { } log && report.Step % _logEvery == 0)
        {
            log.Scalar("step/loss", report.Loss, report.Step);
            log.Scalar("step/learning_rate", report.LearningRate, report.Step);
            if (!double.IsNaN(report.GradientNorm))
            {
                log.Scalar("step/gradient_norm", (float)report.GradientNorm, report.Step);
            }
        }

        // Between an epoch's last step and its end the sums are not closed yet: the end of the epoch comes at once and saves.
        bool closed = trainer.Progress.Position < trainer.StepsPerEpoch;
        if (closed && (_everySteps is { } every ? trainer.Progress.Step % every == 0 : _everyEpochs is null && IsTime()))
        {
            Save(trainer);
        }
    }

    public void OnEpoch(Trainer trainer, EpochReport report)
    {
        if (_log is { } log)
        {
            log.Scalar("train/loss", (float)report.Loss, report.Epoch);
            Write(log, "train/", report.Metrics, report.Epoch);
            if (report.Validation is { } validation)
            {
                log.Scalar("validation/loss", (float)validation.Loss, report.Epoch);
                Write(log, "validation/", validation.Metrics, report.Epoch);
            }
        }

        if (_everyEpochs is { } every ? report.Epoch % every == 0 : _everySteps is { } steps ? trainer.Progress.Step % steps == 0 : IsTime())
        {
            Save(trainer);
        }
    }

    public void OnEnded(Trainer trainer, TrainingStatus status)
    {
        FinalSha256 = ModuleWeights.Digest(trainer.Model);
        Save(trainer);
    }

    public void Dispose() => _log?.Dispose();

    private static void Write(EventWriter log, string prefix, IReadOnlyDictionary<string, double> values, long step)
    {
        foreach ((string name, double value) in values)
        {
            log.Scalar(prefix + name, (float)value, step);
        }
    }

    private bool IsTime() => _time.GetElapsedTime(_lastCheckpoint) >= s_usualInterval;

    private void Save(Trainer trainer)
    {
        Dictionary<string, string> extra = new(StringComparer.Ordinal);
        if (_log is not null)
        {
            _log.Flush(toDisk: true);
            extra[LogFileKey] = Path.GetFileName(_log.Path);
            extra[LogLengthKey] = _log.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Checkpoint)!);
        TrainingState.Save(trainer, _folder.Checkpoint, extra);
        _lastCheckpoint = _time.GetTimestamp();
    }
}
