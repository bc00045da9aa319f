using System.Text.Json;
using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>Opens the files that a <c>.weights.json</c> names; they lie beside it.</summary>
internal static class KerasShards
{
    private const int MostBytes = 1 << 26;
    private const string Ending = ".weights.h5";

    /// <summary>Says whether content begins like an index of weights in HDF5 files.</summary>
    internal static bool Matches(ReadOnlySpan<byte> head) =>
        head.StartsWith("{"u8) && head.IndexOf("\"weight_map\""u8) >= 0 && head.IndexOf(".weights.h5\""u8) >= 0;

    /// <summary>Reads the index and opens all files that it names.</summary>
    internal static List<Hdf5Tree> Open(RandomAccessFile index, List<RandomAccessFile> files, Dictionary<string, string> metadata)
    {
        if (index.Length > MostBytes)
        {
            throw new WeightFormatException(index.Path, 0, $"expected an index of at most {MostBytes} bytes, got {index.Length}.");
        }

        List<Hdf5Tree> trees = [];
        foreach (string name in ReadNames(index, metadata))
        {
            RandomAccessFile file = RandomAccessFile.Open(Beside(index, name), $"the file '{name}' of {index.Path}");
            files.Add(file);
            trees.Add(Hdf5Tree.Read(file.Path, 0, file.Length, file.Read));
        }

        return trees;
    }

    private static SortedSet<string> ReadNames(RandomAccessFile index, Dictionary<string, string> metadata)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument json = JsonDocument.Parse(index.ReadBytes(0, index.Length, "the index"));
            foreach (JsonProperty group in json.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                foreach (JsonElement file in group.Value.ValueKind == JsonValueKind.Array ? [.. group.Value.EnumerateArray()] : new[] { group.Value })
                {
                    names.Add(file.GetString() ?? throw new KeyNotFoundException());
                }
            }

            if (json.RootElement.TryGetProperty("metadata", out JsonElement facts) && facts.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty fact in facts.EnumerateObject())
                {
                    metadata[fact.Name] = fact.Value.ToString();
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new WeightFormatException(index.Path, 0, "expected an index in JSON with file names under weight_map, got something else. The file is damaged.");
        }

        return names;
    }

    private static string Beside(RandomAccessFile index, string name) =>
        (name.EndsWith(Ending, StringComparison.Ordinal) ? NeighborPath.Resolve(index.Path, name) : null)
        ?? throw new WeightFormatException(index.Path, 0, $"expected names of files beside the index that end in {Ending}, got '{name}'. Nothing elsewhere is opened.");
}
