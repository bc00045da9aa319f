using System.Globalization;
using System.Text.Json.Nodes;
using Pondus.Experiments;
using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>Where weights came from, as the metadata of their file says it.</summary>
internal static class Lineage
{
    private const string VersionKey = "pondus.version";
    private const string NameKey = "pondus.experiment";
    private const string ExperimentKey = "pondus.experiment_json";
    private const string SeedKey = "pondus.seed";
    private const string DataKey = "pondus.data_sha256";
    private const string ParentKey = "pondus.parent_sha256";
    private const string KernelKey = "pondus.kernel_set";

    /// <summary>Adds the lineage of a run to the metadata of its weights.</summary>
    public static void AddTo(Dictionary<string, string> metadata, Experiment experiment, RunRecord record)
    {
        metadata[VersionKey] = record.Version;
        metadata[NameKey] = experiment.Name;
        metadata[ExperimentKey] = JsonNode.Parse(experiment.ToJson())!.ToJsonString();
        metadata[SeedKey] = experiment.Seed.ToString(CultureInfo.InvariantCulture);
        metadata[DataKey] = record.DataSha256;
        metadata[KernelKey] = record.KernelSet;
        if (record.ParentSha256 is { } parent)
        {
            metadata[ParentKey] = parent;
        }
    }

    /// <summary>Reads the experiment that gave the weights.</summary>
    public static Experiment ExperimentOf(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(ExperimentKey, out string? json))
        {
            throw new WeightFormatException(path, 0, $"expected weights that say which experiment they came from (metadata '{ExperimentKey}'), got none. Only the weights of a run of Pondus can be verified.");
        }

        try
        {
            return ExperimentFile.Parse(json);
        }
        catch (ExperimentException error)
        {
            throw new WeightFormatException(path, 0, $"metadata '{ExperimentKey}': {error.Message}");
        }
    }

    /// <summary>Refuses weights that a conversion, merging, pruning or quantization has changed since their training.</summary>
    public static void RefuseChanged(string path, IReadOnlyDictionary<string, string> metadata, string sha256)
    {
        if (OriginKey(metadata) is { } key && metadata.GetValueOrDefault(ParentKey) != sha256)
        {
            throw new WeightFormatException(path, 0, $"expected weights as their training left them, got ones that were changed since: {key} = {metadata[key]}. Verify the file that they come from.");
        }
    }

    /// <summary>Says in what a repeated run is another than the one that the metadata describe.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> metadata, RunRecord repeated)
    {
        // A conversion that kept every bit wrote its own version and parent over those of the training.
        bool isCopy = OriginKey(metadata) is not null;
        (string What, string Key, string? Now)[] origins =
        [
            ("version of Pondus", VersionKey, repeated.Version),
            ("kernel set", KernelKey, repeated.KernelSet),
            ("data (sha256)", DataKey, repeated.DataSha256),
            ("parent weights (sha256)", ParentKey, repeated.ParentSha256),
        ];
        return [.. origins.Where(o => !isCopy || o.Key is not (VersionKey or ParentKey)).Select(o => (o.What, Before: metadata.GetValueOrDefault(o.Key), o.Now))
            .Where(static o => o.Before != o.Now)
            .Select(static o => $"{o.What}: {o.Before ?? "none"} in the file, {o.Now ?? "none"} now")];
    }

    private static string? OriginKey(IReadOnlyDictionary<string, string> metadata) =>
        metadata.Keys.FirstOrDefault(static key => key.StartsWith("pondus.", StringComparison.Ordinal) && key.EndsWith("_from", StringComparison.Ordinal));
}
