using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pondus.Runs;

/// <summary>The content of <c>run.json</c>.</summary>
public sealed record RunRecord
{
    /// <summary>State: training goes on, or its process was killed.</summary>
    public const string Running = "running";

    /// <summary>State: all epochs or steps are done.</summary>
    public const string Finished = "finished";

    /// <summary>State: the validation loss no longer improved.</summary>
    public const string StoppedEarly = "stopped early";

    /// <summary>State: loss and weights no longer moved.</summary>
    public const string Settled = "settled";

    /// <summary>State: it was interrupted and can be continued.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>State: it failed, see <see cref="Error"/>.</summary>
    public const string Failed = "failed";

    /// <summary>Gets the version of this layout.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Gets the name of the experiment.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the state: one of those above.</summary>
    public required string State { get; init; }

    /// <summary>Gets a value indicating whether training came to its end.</summary>
    [JsonIgnore]
    public bool IsDone => State is Finished or StoppedEarly or Settled;

    /// <summary>Gets the seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets when the run, or its continuation, began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Gets when this was written.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Gets the version of Pondus.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the operating system, processor architecture and .NET version.</summary>
    public required string Machine { get; init; }

    /// <summary>Gets the kernel set; bits are promised within one.</summary>
    public required string KernelSet { get; init; }

    /// <summary>Gets the number of threads; bits do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Gets the digest of the data.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Gets the digest of the weights that training started from, or null.</summary>
    public string? ParentSha256 { get; init; }

    /// <summary>Gets the names of the parameters that stay as they are; null when all are trained.</summary>
    public IReadOnlyList<string>? Frozen { get; init; }

    /// <summary>Gets what was done to fit the weights that training started from, and what their file asked for in vain, as sentences; null for nothing.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Gets what went wrong, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the results, or null while there are none.</summary>
    public RunResults? Results { get; init; }

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The record.</returns>
    /// <exception cref="InvalidDataException">It is no record.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), RunJson.Default.RunRecord) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected the record of a run, got JSON that does not fit: {error.Message}", error);
        }
    }

    /// <summary>Writes indented JSON.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunRecord) + "\n";
}

/// <summary>Source-generated JSON of run folders.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RunJson : JsonSerializerContext;
