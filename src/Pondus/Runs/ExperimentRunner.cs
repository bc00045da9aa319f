using System.Diagnostics;
using System.IO.Enumeration;
using System.Reflection;
using System.Runtime.InteropServices;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Layers;
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
        Sequential model = NetworkBuilder.Build(experiment, card.InputShape, card.OutputCount);
        Experiment completed = NetworkBuilder.Complete(experiment, model);
        string? parent = Prepare(model, options);
        RunFolder folder = RunStart.Open(completed, options, time);
        RunRecord record = NewRecord(completed, data, parent);
        folder.Write(record);
        try
        {
            record = completed.Data.Split.Folds is { } folds
                ? CrossValidation.Run(completed, model, folder, record, folds, time, progress, cancellationToken)
                : Fit(completed, data, model, folder, record, options.Resume, progress, observers, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            folder.Write(record with { State = "failed", Error = error.Message, Updated = time.GetUtcNow() });
            throw;
        }

        record = record with { Updated = time.GetUtcNow(), Results = record.Results! with { Seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds } };
        if (record.State != "interrupted")
        {
            ModuleWeights.Save(model, folder.Weights, card.ToMetadata(completed, record));
        }

        folder.Write(record);
        return new RunOutcome(folder, record, model.Summary());
    }

    internal static string NameOf(TrainingStatus status) => status switch
    {
        TrainingStatus.Completed => "finished",
        TrainingStatus.StoppedEarly => "stopped early",
        TrainingStatus.Settled => "settled",
        _ => "interrupted",
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

    private static string? Prepare(Sequential model, TrainOptions options)
    {
        string? parent = null;
        if (options.InitialWeights is { } path)
        {
            ModuleWeights.Load(model, path);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            parent = WeightDigest.Compute(file.Entries);
        }

        foreach (string pattern in options.Frozen)
        {
            bool matched = false;
            foreach ((string name, Parameter parameter) in model.NamedParameters())
            {
                if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                {
                    parameter.RequiresGradient = false;
                    matched = true;
                }
            }

            if (!matched)
            {
                throw new ArgumentException($"--freeze: expected a pattern that matches a parameter, got '{pattern}'. Parameters: {string.Join(", ", model.NamedParameters().Select(static p => p.Name))}.", nameof(options));
            }
        }

        return model.Parameters.Any(static p => p.RequiresGradient)
            ? parent
            : throw new ArgumentException("--freeze: expected at least one parameter left to train, got none.", nameof(options));
    }

    private RunRecord Fit(Experiment experiment, ExperimentData data, Sequential model, RunFolder folder, RunRecord record, bool resume, IProgress<EpochReport>? progress, IReadOnlyList<ITrainingObserver>? observers, CancellationToken cancellationToken)
    {
        Trainer trainer = TrainerBuilder.Build(experiment, model, data.Training.Count);
        long? every = experiment.Training.CheckpointEvery;
        bool inEpochs = experiment.Training.CheckpointUnit == TrainingUnit.Epoch;
        using RunRecorder recorder = new(folder, time, experiment.Monitor.Level != MonitorLevel.Off, inEpochs ? null : every, inEpochs ? every : null);
        if (resume)
        {
            recorder.Resume(trainer);
        }

        TrainingResult result = trainer.Fit(data.Training, data.Validation, [recorder, .. observers ?? []], progress, cancellationToken);
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

    private RunRecord NewRecord(Experiment experiment, ExperimentData data, string? parent) => new()
    {
        Name = experiment.Name,
        State = "running",
        Seed = experiment.Seed,
        Started = time.GetUtcNow(),
        Updated = time.GetUtcNow(),
        Version = typeof(ExperimentRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}",
        KernelSet = Compute.KernelSet,
        Threads = Compute.ThreadCount,
        DataSha256 = data.Sha256,
        ParentSha256 = parent,
    };
}
