using System.Text.Json.Serialization;
using Pondus.Runs;

namespace Pondus.Cli.Output;

/// <summary>What <c>predict --json</c> prints.</summary>
internal sealed record PredictOutcome(string Run, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>Answers for every sample of a file.</summary>
    public static PredictOutcome Of(TrainedRun run, string input) =>
        new(run.Folder.Path, [.. run.Predict(RunSamples.LoadInputs(run, input)).Select((values, index) => Answer(index, values, run.Card.ClassNames))]);

    private static Prediction Answer(int index, float[] values, IReadOnlyList<string> classes)
    {
        // One probability for two classes is that of the second.
        int? best = classes.Count == 0 ? null : values.Length == 1 && classes.Count == 2 ? (values[0] > 0.5f ? 1 : 0) : Array.IndexOf(values, values.Max());
        return new Prediction(index, best, best is int chosen && chosen < classes.Count ? classes[chosen] : null, values);
    }
}

/// <summary>The answer for one sample.</summary>
/// <param name="Index">Its place in the file, from 0.</param>
/// <param name="Class">Number of the most probable class; left out in a regression.</param>
/// <param name="Label">Name of that class; left out in a regression.</param>
/// <param name="Values">Probabilities of all classes, the one of the second of two classes, or the predicted numbers.</param>
internal sealed record Prediction(
    int Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    IReadOnlyList<float> Values);
