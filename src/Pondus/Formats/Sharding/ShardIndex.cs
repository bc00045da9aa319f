using System.Text.Json;

namespace Pondus.Formats.Sharding;

/// <summary>The content of an index: which tensor is in which file, and what is said about all.</summary>
internal sealed record ShardIndex(List<(string Name, string Shard)> Shards, Dictionary<string, string> Metadata)
{
    private const int MaxBytes = 100_000_000;

    /// <summary>Reads an index.</summary>
    public static ShardIndex Read(string path)
    {
        using RandomAccessFile file = RandomAccessFile.Open(path, "an index of weights files");
        if (file.Length > MaxBytes)
        {
            throw new WeightFormatException(path, 0, $"expected an index of at most {MaxBytes} bytes, got {file.Length}.");
        }

        byte[] bytes = file.ReadBytes(0, file.Length, "the index");
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(path, document.RootElement);
        }
        catch (JsonException error)
        {
            throw new WeightFormatException(path, error.LineNumber is 0 ? error.BytePositionInLine ?? 0 : 0, "expected an index of valid JSON without a name given twice, got other text. The file is damaged.");
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's word for an escape that is half a character, or bytes that are not UTF-8.
            throw new WeightFormatException(path, 0, "expected texts in the index, got bytes that are no characters.");
        }
    }

    private static ShardIndex Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new WeightFormatException(path, 0, "expected an object with a weight_map, got other JSON.");
        }

        List<(string Name, string Shard)> shards = [];
        foreach (JsonProperty pair in map.EnumerateObject())
        {
            shards.Add(pair.Value.ValueKind == JsonValueKind.String
                ? (pair.Name, pair.Value.GetString()!)
                : throw new WeightFormatException(path, 0, $"tensor '{pair.Name}': expected the name of a file in weight_map, got {pair.Value.ValueKind}."));
        }

        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        if (root.TryGetProperty("metadata", out JsonElement texts) && texts.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty pair in texts.EnumerateObject())
            {
                metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText();
            }
        }

        return new ShardIndex(shards, metadata);
    }
}
