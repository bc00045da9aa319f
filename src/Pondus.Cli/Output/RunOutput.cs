using System.Text.Json;
using Pondus.Runs;

namespace Pondus.Cli.Output;

/// <summary>One run, read from its <c>run.json</c>.</summary>
/// <param name="Name">Name of the run's folder.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Status">Its state; <c>killed</c> when it should be running and nobody writes it, <c>unreadable</c> when <c>run.json</c> is not JSON.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Seconds">Time spent.</param>
/// <param name="Test">Loss and metrics of the test part.</param>
internal sealed record RunOutput(
    string Name,
    string? Experiment,
    string Status,
    int? Epochs,
    long? Steps,
    double? Seconds,
    IReadOnlyDictionary<string, double>? Test)
{
    /// <summary>Reads a run; null when the folder is none.</summary>
    /// <remarks>
    /// <para>Reads <c>name</c>, and from the top or from <c>results</c>: <c>state</c>, <c>epochs</c>, <c>steps</c>, <c>seconds</c>, <c>test</c>.</para>
    /// </remarks>
    public static RunOutput? Read(string folder)
    {
        string path = Path.Combine(folder, "run.json");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement root = document.RootElement;
            return root.ValueKind is JsonValueKind.Object
                ? new RunOutput(
                    name,
                    Text(Find(root, "name")),
                    StateOf(folder, Text(Find(root, "state"))),
                    (int?)Number(Find(root, "epochs")),
                    (long?)Number(Find(root, "steps")),
                    Number(Find(root, "seconds")),
                    Numbers(Find(root, "test")))
                : Unreadable(name);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Unreadable(name);
        }
    }

    private static string StateOf(string folder, string? state) =>
        state == RunRecord.Running && !new RunFolder(folder).IsInUse ? "killed" : state ?? "unknown";

    private static RunOutput Unreadable(string name) => new(name, Experiment: null, "unreadable", Epochs: null, Steps: null, Seconds: null, Test: null);

    private static JsonElement? Find(JsonElement root, string key)
    {
        if (root.TryGetProperty(key, out JsonElement value))
        {
            return value;
        }

        return root.TryGetProperty("results", out JsonElement results) && results.ValueKind is JsonValueKind.Object && results.TryGetProperty(key, out value)
            ? value
            : null;
    }

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static double? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static Dictionary<string, double>? Numbers(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } section
        ? section.EnumerateObject()
            .Where(static p => p.Value.ValueKind is JsonValueKind.Number)
            .ToDictionary(static p => p.Name, static p => p.Value.GetDouble(), StringComparer.Ordinal)
        : null;
}
