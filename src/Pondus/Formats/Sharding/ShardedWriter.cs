using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pondus.Formats.Gguf;

namespace Pondus.Formats.Sharding;

/// <summary>Writes a set of tensors as several files with an index, as Transformers does.</summary>
public static class ShardedWriter
{
    /// <summary>Writes <c>NAME-00001-of-0000N.EXT</c> and <c>NAME.EXT.index.json</c>; a set that fits into one file becomes <c>NAME.EXT</c> alone, and GGUF's files need no index.</summary>
    /// <remarks>Every file is replaced whole or not at all. The index comes last: until then an older set with other names stays readable.</remarks>
    /// <param name="path">The file without numbers, such as <c>model.safetensors</c>; its ending names the format.</param>
    /// <param name="entries">The tensors, no two of one name, in the order in which they fill the files.</param>
    /// <param name="metadata">Texts for the index and every file.</param>
    /// <param name="maxShardBytes">Most bytes of tensors in a file; a larger tensor has one of its own.</param>
    /// <returns>The paths of the written files, the index last; of GGUF's the first, which opens them all, comes first.</returns>
    /// <exception cref="ArgumentException">The ending is of no format that can be written, or two tensors have one name.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static IReadOnlyList<string> Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata, long maxShardBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardBytes, 1);
        IWeightFormat format = WeightFormats.ForWriting(path)
            ?? throw new ArgumentException($"{path}: expected a name whose ending is of a format that can be written, got {Path.GetExtension(path)}.", nameof(path));
        if (format is GgufFormat)
        {
            // Its parts say themselves that they belong together.
            return GgufWriter.SaveParts(path, entries, maxShardBytes, GgufWriter.ValuesOf(metadata, entries));
        }

        WriterChecks.Require(path, entries, entry => format.Holds(entry.DataType) ? null : $"expected a type that {format.Name} has, got {entry.DataType}");
        List<List<WeightEntry>> shards = Split(entries, maxShardBytes);
        if (shards.Count == 1)
        {
            format.Save(path, entries, metadata);
            return [path];
        }

        List<string> paths = [];
        foreach (List<WeightEntry> shard in shards)
        {
            paths.Add(ShardPath(path, paths.Count + 1, shards.Count));
            format.Save(paths[^1], shard, metadata);
        }

        string index = $"{path}.index.json";
        AtomicFile.Write(index, stream => WriteIndex(stream, shards, paths, metadata));
        return [.. paths, index];
    }

    private static List<List<WeightEntry>> Split(IReadOnlyList<WeightEntry> entries, long maxShardBytes)
    {
        List<List<WeightEntry>> shards = [[]];
        long room = maxShardBytes;
        foreach (WeightEntry entry in entries)
        {
            if (entry.ByteCount > room && shards[^1].Count > 0)
            {
                shards.Add([]);
                room = maxShardBytes;
            }

            shards[^1].Add(entry);
            room -= entry.ByteCount;
        }

        return shards;
    }

    private static string ShardPath(string path, int number, int count)
    {
        string ending = Path.GetExtension(path);
        return string.Create(CultureInfo.InvariantCulture, $"{path[..^ending.Length]}-{number:D5}-of-{count:D5}{ending}");
    }

    private static void WriteIndex(Stream stream, List<List<WeightEntry>> shards, List<string> paths, IReadOnlyDictionary<string, string> metadata)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", shards.Sum(static shard => shard.Sum(static entry => entry.ByteCount)));
        foreach ((string key, string value) in metadata.Where(static pair => pair.Key is not "total_size").OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        for (int i = 0; i < shards.Count; i++)
        {
            foreach (WeightEntry entry in shards[i])
            {
                json.WriteString(entry.Name, Path.GetFileName(paths[i]));
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
