using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Training;

namespace Pondus.Runs;

/// <summary>Runs experiments into folders.</summary>
/// <param name="time">Clock of names, logs and checkpoints; results do not depend on it.</param>
public sealed class ExperimentRunner(TimeProvider time)
{
    /// <summary>Trains as an experiment says, or continues such a run.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="options">Folder and starting point.</param>
    /// <param name="progress">Told about each epoch, or null.</param>
    /// <param name="observers">Further watchers, or null.</param>
    /// <param name="cancellationToken">Interrupts; a checkpoint is left to continue from.</param>
    /// <returns>The outcome, also in the folder's <c>run.json</c>.</returns>
    public RunOutcome Train(Experiment experiment, TrainOptions options, IProgress<EpochReport>? progress = null, IReadOnlyList<ITrainingObserver>? observers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        long begin = Stopwatch.GetTimestamp();
        Compute.ThreadCount = experiment.Training.Threads ?? Environment.ProcessorCount;
        ExperimentData data = ExperimentData.Load(experiment);
        ModelCard card = ModelCard.Of(data);
        Layer model = NetworkBuilder.Build(experiment, card.InputShape, card.OutputCount);
        Experiment completed = NetworkBuilder.Complete(experiment, model);
        // What does not fit together is said before there is a folder.
        TrainerBuilder.BuildLoss(completed.Loss);
        TrainerBuilder.BuildMetrics(completed);
        RunRecord record = StartingPoint.Apply(completed.Start, model, NewRecord(completed, data));
        // Before the training: it may end with adapters merged and gone.
        ModuleSummary summary = model.Summary();
        using RunStart start = RunStart.Open(completed, options, time);
        RunFolder folder = start.Folder;
        if (start.Previous is { } previous)
        {
            CheckOrigin(folder, previous, record);
            if (previous.IsDone && File.Exists(folder.Weights))
            {
                return new RunOutcome(folder, previous, summary);
            }
        }

        folder.Write(record);
        try
        {
            record = completed.Data.Split.Folds is { } folds
                ? CrossValidation.Run(completed, model, folder, record, folds, time, progress, observers, cancellationToken)
                : Fit(completed, data, model, folder, record, options.Resume, progress, observers, cancellationToken);
            record = record with { Updated = time.GetUtcNow(), Results = record.Results! with { Seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds } };
            if (record.IsDone)
            {
                ModuleWeights.Save(model, folder.Weights, card.ToMetadata(completed, record));
            }

            folder.Write(record);
        }
        catch (Exception error)
        {
            WriteFailure(folder, record with { State = RunRecord.Failed, Error = error.Message, Updated = time.GetUtcNow(), Results = null });
            throw;
        }

        return new RunOutcome(folder, record, summary);
    }

    internal static string NameOf(TrainingStatus status) => status switch
    {
        TrainingStatus.Completed => RunRecord.Finished,
        TrainingStatus.StoppedEarly => RunRecord.StoppedEarly,
        TrainingStatus.Settled => RunRecord.Settled,
        _ => RunRecord.Interrupted,
    };

    internal static Dictionary<string, double> Values(double loss, IReadOnlyDictionary<string, double> metrics)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal) { ["loss"] = loss };
        foreach ((string name, double value) in metrics)
        {
            values[name] = value;
        }

        return values;
    }

    /// <summary>What is not in the experiment's file must be as it was too, or the continued run would be another one.</summary>
    private static void CheckOrigin(RunFolder folder, RunRecord before, RunRecord now)
    {
        (string What, string? Before, string? Now)[] origins =
        [
            ("the kernel set", before.KernelSet, now.KernelSet),
            ("the data (their sha256)", before.DataSha256, now.DataSha256),
            ("the weights of start.weights (their sha256)", before.ParentSha256, now.ParentSha256),
        ];
        foreach ((string what, string? old, string? found) in origins)
        {
            if (old != found)
            {
                throw new InvalidDataException($"--resume: expected {what} as in {folder.Path}, {old ?? "none"}, got {found ?? "none"}. Begin a new run with another --out.");
            }
        }
    }

    private static void WriteFailure(RunFolder folder, RunRecord record)
    {
        try
        {
            folder.Write(record);
        }
        catch (IOException)
        {
            // The first error is the one to report; a full disk may have caused both.
        }
    }

    private RunRecord Fit(Experiment experiment, ExperimentData data, Layer model, RunFolder folder, RunRecord record, bool resume, IProgress<EpochReport>? progress, IReadOnlyList<ITrainingObserver>? observers, CancellationToken cancellationToken)
    {
        Trainer trainer = TrainerBuilder.Build(experiment, model, data.Training.Count, data.Standardizer);
        long? every = experiment.Training.CheckpointEvery;
        bool inEpochs = experiment.Training.CheckpointUnit == TrainingUnit.Epoch;
        using RunRecorder recorder = new(folder, time, experiment.Monitor.Level != MonitorLevel.Off, inEpochs ? null : every, inEpochs ? every : null);
        if (resume)
        {
            recorder.Resume(trainer);
        }

        TrainingResult result = trainer.Fit(data.Training, data.Validation, [recorder, .. observers ?? []], progress, cancellationToken);
        if (experiment.Start?.Lora is { } lora && result.Status != TrainingStatus.Interrupted)
        {
            AdapterFile.Save(model, folder.Adapter, lora.Rank, lora.Alpha ?? lora.Rank);
            LowRankAdaptation.Merge(model);
        }

        EvaluationResult? test = data.Test is null || result.Status == TrainingStatus.Interrupted
            ? null
            : new Evaluator(model, trainer.Loss, trainer.Metrics, data.Test).Run();
        return record with
        {
            State = NameOf(result.Status),
            Results = new RunResults
            {
                Epochs = result.Epochs,
                Steps = result.Steps,
                Train = double.IsNaN(result.Loss) ? null : Values(result.Loss, result.Metrics),
                Validation = result.Validation is { } validation ? Values(validation.Loss, validation.Metrics) : null,
                Test = test is null ? null : Values(test.Loss, test.Metrics),
                BestEpoch = result.BestEpoch,
                Sha256 = ModuleWeights.Digest(model),
                FinalSha256 = recorder.FinalSha256,
            },
        };
    }

    private RunRecord NewRecord(Experiment experiment, ExperimentData data) => new()
    {
        Name = experiment.Name,
        State = RunRecord.Running,
        Seed = experiment.Seed,
        Started = time.GetUtcNow(),
        Updated = time.GetUtcNow(),
        Version = typeof(ExperimentRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}",
        KernelSet = Compute.KernelSet,
        Threads = Compute.ThreadCount,
        DataSha256 = data.Sha256,
    };
}
