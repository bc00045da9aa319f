using Pondus.Cli.Output;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Runs;
using Pondus.Training;

namespace Pondus.Cli.Services;

/// <summary>Calls the library; what it returns is only put into the command line's records.</summary>
internal sealed class LibraryRunner(TimeProvider time) : IExperimentRunner
{
    public Task<TrainOutcome> TrainAsync(TrainRequest request, IProgress<TrainingProgressReport> progress, CancellationToken cancellationToken) =>
        Task.Run(() => Train(request, progress, cancellationToken), CancellationToken.None);

    public Task<EvaluateOutcome> EvaluateAsync(EvaluateRequest request, CancellationToken cancellationToken)
    {
        TrainedRun run = TrainedRun.Load(request.RunFolder);
        (string part, EvaluationResult result) = request.Data is { } path
            ? (path, run.Evaluate(RunSamples.Load(run, path)))
            : Own(run);
        Dictionary<string, double> values = new(StringComparer.Ordinal) { ["loss"] = result.Loss };
        foreach ((string name, double value) in result.Metrics)
        {
            values[name] = value;
        }

        return Task.FromResult(new EvaluateOutcome(request.RunFolder, part, result.Count, values));
    }

    public Task<PredictOutcome> PredictAsync(PredictRequest request, CancellationToken cancellationToken)
    {
        TrainedRun run = TrainedRun.Load(request.RunFolder);
        float[][] answers = run.Predict(RunSamples.LoadInputs(run, request.Input));
        IReadOnlyList<string> classes = run.Card.ClassNames;
        return Task.FromResult(new PredictOutcome(request.RunFolder, [.. answers.Select((values, i) =>
        {
            int? best = classes.Count > 0 ? Array.IndexOf(values, values.Max()) : null;
            return new Prediction(i, best, best is { } index && index < classes.Count ? classes[index] : null, values);
        })]));
    }

    private static (string Part, EvaluationResult Result) Own(TrainedRun run)
    {
        (string part, Dataset data) = RunSamples.Own(run);
        return (part, new Evaluator(run.Model, TrainerBuilder.BuildLoss(run.Experiment.Loss), TrainerBuilder.BuildMetrics(run.Experiment), data).Run());
    }

    private static LineOutcome? LineOf(Experiment experiment, RunFolder folder)
    {
        if (experiment.Data is not LineDataSettings || experiment.Data.Standardize != Standardization.None || experiment.Loss.Type != nameof(MeanSquaredError) || !File.Exists(folder.Weights))
        {
            return null;
        }

        TrainedRun run = TrainedRun.Load(folder.Path);
        if (run.Model.Layers is not [Linear { Bias: not null } linear])
        {
            return null;
        }

        Dataset points = ExperimentData.Load(experiment).Training;
        (double slope, double intercept) = LeastSquares.Line(points.Inputs, points.Targets);
        return new LineOutcome(linear.Weight.Values[0], linear.Bias.Values[0], slope, intercept);
    }

    private TrainOutcome Train(TrainRequest request, IProgress<TrainingProgressReport> progress, CancellationToken cancellationToken)
    {
        TrainOptions options = new() { Folder = request.RunFolder, Resume = request.Resume, InitialWeights = request.InitialWeights, Frozen = request.Frozen };
        RunOutcome outcome = new ExperimentRunner(time).Train(request.Experiment, options, observers: [new ProgressObserver(progress, time)], cancellationToken: cancellationToken);
        RunResults results = outcome.Record.Results!;
        ModuleSummary summary = outcome.Summary;
        return new TrainOutcome
        {
            Run = outcome.Folder.Path,
            Status = outcome.Record.State,
            Epochs = (int)results.Epochs,
            Steps = results.Steps,
            Seconds = results.Seconds,
            Train = results.Train,
            Validation = results.Validation,
            Test = results.Test,
            TestDeviation = results.TestDeviation,
            Folds = results.Folds,
            Line = LineOf(request.Experiment, outcome.Folder),
            Parameters = new ParameterCounts(summary.Total, summary.Trainable, summary.Weights, summary.Biases),
            Weights = outcome.Folder.Weights,
            Sha256 = results.Sha256 ?? string.Empty,
            FinalSha256 = results.FinalSha256,
        };
    }
}
