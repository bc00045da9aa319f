using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>Writes weights as Keras stores them, so that <c>load_weights</c> of a model of the same architecture takes them.</summary>
internal static class KerasWriter
{
    private const string Archive = ".keras";
    private const string Config = "config";

    // An attribute's values must fit one message of 64 KiB; longer lists are spread over attributes with numbers.
    private const int MostNames = 4000;

    /// <summary>Writes <c>.weights.h5</c>, or <c>.keras</c> where the metadata hold the configuration of the model.</summary>
    internal static void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        bool isArchive = path.EndsWith(Archive, StringComparison.OrdinalIgnoreCase);
        if (isArchive && !metadata.ContainsKey(Config))
        {
            throw new NotSupportedException($"{path}: expected the model's configuration as metadata '{Config}', as a .keras file has it, got none. Write .weights.h5 or .h5 instead.");
        }

        Dictionary<string, string> layers = metadata.TryGetValue(KerasPaths.MetadataKey, out string? json) && KerasPaths.FromJson(json) is { } known ? known : [];
        List<WeightEntry> stored = StoredEntries(entries, layers, KerasConfig.IsFunctional(metadata.GetValueOrDefault(Config)));
        Dictionary<string, IReadOnlyList<Hdf5Attribute>> attributes = new(StringComparer.Ordinal);
        foreach ((string layer, string name) in layers)
        {
            attributes[layer.Length == 0 ? "vars" : $"{layer}/vars"] = [new Hdf5Attribute("name", [name], IsScalar: true, IsText: true)];
        }

        if (isArchive)
        {
            Hdf5Writer weights = new(path, stored, attributes);
            AtomicFile.Write(path, stream => WriteArchive(stream, weights, metadata));
            return;
        }

        attributes[""] = Hdf5Writer.AttributesOf(metadata.Where(static pair => pair.Key is not KerasPaths.MetadataKey).ToDictionary(StringComparer.Ordinal));
        Hdf5Writer.Save(path, stored, attributes);
    }

    /// <summary>Writes an older file when all weights that its lists name are there; else nothing.</summary>
    internal static bool TrySaveOlder(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        if (KerasLists.FromMetadata(metadata) is not { } lists)
        {
            return false;
        }

        Dictionary<string, string> paths = lists.Weights().ToDictionary(static weight => weight.Name, static weight => weight.Path, StringComparer.Ordinal);
        if (entries.Count(entry => paths.ContainsKey(entry.Name)) < paths.Count)
        {
            return false;
        }

        Dictionary<string, IReadOnlyList<Hdf5Attribute>> attributes = new(StringComparer.Ordinal);
        foreach ((string key, IReadOnlyList<string> names) in lists.All)
        {
            int at = key.LastIndexOf('@');
            string group = key[..at];
            attributes[group] = [.. attributes.GetValueOrDefault(group) ?? [], .. ListAttributes(key[(at + 1)..], names)];
        }

        attributes[""] = [.. attributes.GetValueOrDefault("") ?? [], .. Hdf5Writer.AttributesOf(metadata.Where(static pair => pair.Key is not KerasLists.MetadataKey).ToDictionary(StringComparer.Ordinal))];
        Hdf5Writer.Save(path, [.. entries.Select(entry => Renamed(entry, paths.GetValueOrDefault(entry.Name) ?? entry.Name))], attributes);
        return true;
    }

    private static IEnumerable<Hdf5Attribute> ListAttributes(string name, IReadOnlyList<string> names) => names.Count <= MostNames
        ? [new Hdf5Attribute(name, names, IsScalar: false, IsText: true)]
        : names.Chunk(MostNames).Select((part, i) => new Hdf5Attribute(string.Create(CultureInfo.InvariantCulture, $"{name}{i}"), part, IsScalar: false, IsText: true));

    private static void WriteArchive(Stream stream, Hdf5Writer weights, IReadOnlyDictionary<string, string> metadata)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        WriteMember(archive, KerasFile.MetadataMember, member =>
        {
            using Utf8JsonWriter writer = new(member);
            writer.WriteStartObject();
            foreach ((string key, string value) in metadata.Where(static pair => pair.Key is not Config and not KerasPaths.MetadataKey).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        });
        WriteMember(archive, KerasFile.ConfigMember, member => member.Write(Encoding.UTF8.GetBytes(metadata[Config])));
        WriteMember(archive, KerasFile.WeightsMember, weights.Write);
    }

    private static void WriteMember(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry member = archive.CreateEntry(name, CompressionLevel.NoCompression);
        // The first day that the format knows: the same weights give the same bytes.
        member.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using Stream stream = member.Open();
        write(stream);
    }

    private static WeightEntry Renamed(WeightEntry entry, string name) => new(name, entry.DataType, entry.Shape, entry.ByteCount, entry.Read);

    private static List<WeightEntry> StoredEntries(IReadOnlyList<WeightEntry> entries, Dictionary<string, string> layers, bool? isFunctional)
    {
        KerasPaths paths = new(layers, isFunctional);
        Dictionary<string, string> layerOfScope = new(StringComparer.Ordinal);
        foreach ((string layer, string scope) in paths.Scopes())
        {
            layerOfScope.TryAdd(scope, layer);
        }

        List<WeightEntry> stored = [];
        List<string> unknown = [];
        foreach (IGrouping<string, WeightEntry> group in entries.GroupBy(static entry => KerasPaths.GroupOf(entry.Name), StringComparer.Ordinal))
        {
            if (KerasPaths.LayerOf(group.Key) is not null)
            {
                stored.AddRange(group);
            }
            else if (!layerOfScope.TryGetValue(group.Key, out string? layer) || !AddLayer(stored, paths, $"{(layer.Length == 0 ? string.Empty : $"{layer}/")}vars", [.. group]))
            {
                unknown.AddRange(group.Select(static entry => entry.Name));
            }
        }

        return unknown.Count == 0
            ? stored
            : throw new NotSupportedException(
                $"Keras weights: expected names as Keras stores them (layers/dense/vars/0), or its own names and the metadata '{KerasPaths.MetadataKey}' of the file they came from, got {unknown.Count} others, such as '{unknown[0]}'. Write a plain .h5 instead.");
    }

    private static bool AddLayer(List<WeightEntry> stored, KerasPaths paths, string group, List<WeightEntry> entries)
    {
        // The kernel's type tells whether the layer is quantized.
        WeightEntry first = entries.Find(static entry => entry.Name.EndsWith("kernel", StringComparison.Ordinal)) ?? entries[0];
        IReadOnlyList<string> names = paths.NamesOf(group, [first.DataType, .. Enumerable.Repeat("", entries.Count - 1)]);
        if (names.Count != entries.Count)
        {
            return false;
        }

        for (int i = 0; i < names.Count; i++)
        {
            WeightEntry? entry = entries.Find(candidate => string.Equals(candidate.Name, names[i], StringComparison.Ordinal));
            if (entry is null)
            {
                return false;
            }

            stored.Add(Renamed(entry, string.Create(CultureInfo.InvariantCulture, $"{group}/{i}")));
        }

        return true;
    }
}
