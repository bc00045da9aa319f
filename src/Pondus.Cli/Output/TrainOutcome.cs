using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Runs;

namespace Pondus.Cli.Output;

/// <summary>What <c>train --json</c> prints.</summary>
internal sealed record TrainOutcome
{
    /// <summary>Gets the run's folder.</summary>
    public required string Run { get; init; }

    /// <summary>Gets <c>finished</c>, <c>stopped early</c>, <c>settled</c> or <c>interrupted</c>.</summary>
    public required string Status { get; init; }

    public required long Epochs { get; init; }

    public required long Steps { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Gets <c>loss</c> and the metrics, in camelCase, of the training part.</summary>
    public IReadOnlyDictionary<string, double>? Train { get; init; }

    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>Gets the same of the test part: means over the folds in a cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? Test { get; init; }

    /// <summary>Gets the deviation of the test results over folds; left out without a cross-validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? TestDeviation { get; init; }

    /// <summary>Gets the number of folds in all; left out without a cross-validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Folds { get; init; }

    /// <summary>Gets slope and intercept beside those of least squares; left out where no straight line was learned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineOutcome? Line { get; init; }

    public required ParameterCounts Parameters { get; init; }

    /// <summary>Gets the file of the best weights, or null when training has not come to its end.</summary>
    public string? Weights { get; init; }

    /// <summary>Gets the digest of the best weights, or null when training has not come to its end.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the digest of the last weights.</summary>
    public string? FinalSha256 { get; init; }

    /// <summary>Gets what a doctor found: nothing, since none watches yet.</summary>
    public JsonArray Findings { get; init; } = [];

    /// <summary>Puts what the library returns into the form that is printed.</summary>
    public static TrainOutcome Of(RunOutcome outcome, Experiment experiment)
    {
        RunResults results = outcome.Record.Results ?? new RunResults();
        ModuleSummary summary = outcome.Summary;
        bool isDone = outcome.Record.IsDone;
        return new TrainOutcome
        {
            Run = outcome.Folder.Path,
            Status = outcome.Record.State,
            Epochs = results.Epochs,
            Steps = results.Steps,
            Seconds = results.Seconds,
            Train = results.Train,
            Validation = results.Validation,
            Test = results.Test,
            TestDeviation = results.TestDeviation,
            Folds = results.Folds,
            Line = isDone ? LineOf(experiment, outcome.Folder) : null,
            Parameters = new ParameterCounts(summary.Total, summary.Trainable, summary.Weights, summary.Biases),
            Weights = isDone ? outcome.Folder.Weights : null,
            Sha256 = isDone ? results.Sha256 : null,
            FinalSha256 = results.FinalSha256,
        };
    }

    private static LineOutcome? LineOf(Experiment experiment, RunFolder folder)
    {
        if (experiment.Data is not LineDataSettings || experiment.Data.Standardize != Standardization.None || experiment.Loss.Type != nameof(MeanSquaredError))
        {
            return null;
        }

        TrainedRun run = TrainedRun.Load(folder.Path);
        if (run.Model is not Sequential { Layers: [Linear { Bias: not null } linear] })
        {
            return null;
        }

        Dataset points = ExperimentData.Load(experiment).Training;
        (double slope, double intercept) = LeastSquares.Line(points.Inputs, points.Targets);
        return new LineOutcome(linear.Weight.Values[0], linear.Bias.Values[0], slope, intercept);
    }
}

/// <summary>How many parameters a network has.</summary>
internal sealed record ParameterCounts(long Total, long Trainable, long Weights, long Biases);

/// <summary>A straight line that was learned, and the one that least squares gives for the same points.</summary>
internal sealed record LineOutcome(double Slope, double Intercept, double LeastSquaresSlope, double LeastSquaresIntercept);
