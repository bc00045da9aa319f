using System.Globalization;
using Pondus.Formats;

namespace Pondus.Training;

/// <summary>Maps of low rank kept alone, without the network beside which they were trained.</summary>
/// <remarks>
/// File: a weights file with PEFT's names, <c>base_model.model.NAME.lora_A.weight</c> (rank, in) and <c>lora_B.weight</c> (out, rank);
/// metadata <c>lora_rank</c> and <c>lora_alpha</c>. Parameters that were trained beside them, such as a new head, are kept under <c>base_model.model.NAME</c>.
/// </remarks>
public static class AdapterFile
{
    private const string Prefix = "base_model.model.";
    private const string RankKey = "lora_rank";
    private const string AlphaKey = "lora_alpha";
    private const string DownEnd = ".lora_A.weight";
    private const string UpEnd = ".lora_B.weight";

    /// <summary>Writes a network's adapters, and whatever else of it was trained.</summary>
    /// <param name="module">The network, with adapters.</param>
    /// <param name="path">A safetensors file; replaced in one step.</param>
    /// <param name="rank">Rank of the adapters.</param>
    /// <param name="alpha">Their scale: outputs are multiplied by alpha / rank.</param>
    /// <param name="metadata">Further texts to keep.</param>
    public static void Save(Module module, string path, int rank, double alpha, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        Dictionary<string, string> texts = new(metadata ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [RankKey] = rank.ToString(CultureInfo.InvariantCulture),
            [AlphaKey] = alpha.ToString("R", CultureInfo.InvariantCulture),
        };
        Formats.Safetensors.SafetensorsWriter.Save(path, module.NamedParameters().Where(static p => p.Parameter.RequiresGradient).Select(static p => ModuleWeights.Entry(Prefix + p.Name, p.Parameter)), texts);
    }

    /// <summary>Adds the adapters of a file to a network; <see cref="LowRankAdaptation.Merge"/> then makes them part of its weights.</summary>
    /// <param name="module">The network, with the weights beside which the adapters were trained.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFormatException">The file holds no adapters, or they do not fit the network, which stays as it is: all names are listed.</exception>
    public static void Load(Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        using WeightFile file = WeightFile.Open(path);
        if (!file.Metadata.TryGetValue(RankKey, out string? rankText) || !int.TryParse(rankText, CultureInfo.InvariantCulture, out int rank) || rank < 1
            || !file.Metadata.TryGetValue(AlphaKey, out string? alphaText) || !double.TryParse(alphaText, CultureInfo.InvariantCulture, out double alpha) || !double.IsFinite(alpha))
        {
            throw new WeightFormatException(path, 0, $"expected adapters with metadata {RankKey} and {AlphaKey}, got none.");
        }

        if (file.Entries.GroupBy(static e => NameOf(e), StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw new WeightFormatException(path, 0, $"expected each name once, got '{twice.Key}' with and without '{Prefix}'.");
        }

        Dictionary<string, WeightEntry> entries = file.Entries.ToDictionary(NameOf, StringComparer.Ordinal);
        string[] targets = [.. entries.Keys.Where(static name => name.EndsWith(DownEnd, StringComparison.Ordinal)).Select(static name => name[..^DownEnd.Length])];
        Dictionary<string, LinearWeights> maps = module.NamedModules().Where(static m => m.Module is ILowRankTarget).ToDictionary(static m => m.Name, static m => ((ILowRankTarget)m.Module).Weights, StringComparer.Ordinal);
        string[] unknown = [.. targets.Where(name => !maps.ContainsKey(name))];
        if (targets.Length == 0 || unknown.Length > 0)
        {
            throw new WeightFormatException(path, 0, $"expected adapters of linear maps of {module.GetType().Name}, got {(unknown.Length > 0 ? string.Join(", ", unknown) : "none")}.");
        }

        // Before the network is touched, and before memory is taken for a rank that only a text claims.
        Dictionary<string, long[]> shapes = module.NamedParameters().ToDictionary(static p => p.Name, static p => Array.ConvertAll(p.Parameter.Shape.AsSpan().ToArray(), static size => (long)size), StringComparer.Ordinal);
        foreach (string target in targets)
        {
            shapes[target + DownEnd] = [rank, maps[target].Inputs];
            shapes[target + UpEnd] = [maps[target].Outputs, rank];
        }

        string[] problems =
        [
            .. entries.Select(e => Problem(e.Key, e.Value, shapes)).OfType<string>(),
            .. targets.Where(target => !entries.ContainsKey(target + UpEnd)).Select(static target => $"missing '{target}{UpEnd}'"),
        ];
        if (problems.Length > 0)
        {
            throw new WeightFormatException(path, 0, $"expected adapters that fit {module.GetType().Name}, got: {string.Join("; ", problems)}.");
        }

        List<(string Name, float[] Values)> found = [.. entries.Select(static e => (e.Key, e.Value.ReadSingle()))];
        LowRankAdaptation.Attach(module, rank, alpha, new RandomSource(0), targets);
        Dictionary<string, Parameter> parameters = module.NamedParameters().ToDictionary(static p => p.Name, static p => p.Parameter, StringComparer.Ordinal);
        found.ForEach(pair => parameters[pair.Name].Set(pair.Values));
    }

    private static string NameOf(WeightEntry entry) => entry.Name.StartsWith(Prefix, StringComparison.Ordinal) ? entry.Name[Prefix.Length..] : entry.Name;

    private static string? Problem(string name, WeightEntry entry, Dictionary<string, long[]> shapes) =>
        !shapes.TryGetValue(name, out long[]? shape) ? $"unexpected '{name}'"
        : !entry.Shape.SequenceEqual(shape) ? $"'{name}' expected ({string.Join(", ", shape)}), got ({string.Join(", ", entry.Shape.ToArray())})"
        : !ModuleWeights.IsReal(entry.DataType) ? $"'{name}' expected floating-point values, got {entry.DataType}"
        : null;
}
