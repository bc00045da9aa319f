using System.Text.Json.Nodes;

namespace Pondus.Cli.Services;

/// <summary>What <c>train --json</c> prints.</summary>
internal sealed record TrainOutcome
{
    /// <summary>Gets the run's folder.</summary>
    public required string Run { get; init; }

    /// <summary>Gets <c>finished</c>, <c>stopped early</c>, <c>settled</c>, <c>interrupted</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public required int Epochs { get; init; }

    public required long Steps { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Gets <c>loss</c> and the metrics, in camelCase, of the training part.</summary>
    public IReadOnlyDictionary<string, double>? Train { get; init; }

    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    public IReadOnlyDictionary<string, double>? Test { get; init; }

    public required ParameterCounts Parameters { get; init; }

    /// <summary>Gets the deviation of the test results over folds, or null without a cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? TestDeviation { get; init; }

    /// <summary>Gets the number of folds in all, or null without a cross-validation.</summary>
    public int? Folds { get; init; }

    /// <summary>Gets slope and intercept beside those of least squares, for a straight line.</summary>
    public LineOutcome? Line { get; init; }

    /// <summary>Gets the file of the best weights.</summary>
    public required string Weights { get; init; }

    /// <summary>Gets the digest of the best weights.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the digest of the last weights.</summary>
    public string? FinalSha256 { get; init; }

    public JsonArray Findings { get; init; } = [];
}

/// <summary>How many parameters a network has.</summary>
internal sealed record ParameterCounts(long Total, long Trainable, long Weights, long Biases);

/// <summary>What <c>evaluate</c> finds.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Part">Which data: <c>test</c>, <c>validation</c>, <c>train</c>, or the path that was given.</param>
/// <param name="Samples">Number of samples measured.</param>
/// <param name="Results"><c>loss</c> and the metrics, in camelCase.</param>
internal sealed record EvaluateOutcome(string Run, string Part, int Samples, IReadOnlyDictionary<string, double> Results);

/// <summary>What <c>predict --json</c> prints.</summary>
internal sealed record PredictOutcome(string Run, IReadOnlyList<Prediction> Predictions);

/// <summary>The answer for one sample.</summary>
/// <param name="Index">Its place in the file, from 0.</param>
/// <param name="Class">Number of the most probable class, or null in a regression.</param>
/// <param name="Label">Name of that class.</param>
/// <param name="Values">Probabilities of all classes, or the predicted numbers.</param>
internal sealed record Prediction(int Index, int? Class, string? Label, IReadOnlyList<float> Values);

/// <summary>One data set as <c>data</c> lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is, one line.</param>
/// <param name="Source">The kind of data source that reads it: <c>idx</c>, <c>letters</c> ...</param>
/// <param name="Folder">Where its files are, or null when they are not here or it has none.</param>
/// <param name="IsGenerated">Whether it needs no files.</param>
internal sealed record DataSetEntry(string Name, string Summary, string Source, string? Folder, bool IsGenerated);

/// <summary>A straight line that was learned, and the one that least squares gives for the same points.</summary>
internal sealed record LineOutcome(double Slope, double Intercept, double LeastSquaresSlope, double LeastSquaresIntercept);
