using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pondus.Formats.Safetensors;

/// <summary>Writes safetensors files, byte for byte as the format's own library does.</summary>
public static class SafetensorsWriter
{
    private const string MetadataKey = "__metadata__";

    /// <summary>Writes tensors to a file, in one step: an existing file is replaced whole or not at all.</summary>
    /// <remarks>The largest element types come first, so every tensor is aligned; then by name. The header is padded to 8 bytes.</remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>, written in the order of their keys, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a type or name is not of the format.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, IEnumerable<WeightEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<WeightEntry> list = [.. entries];
        WriterChecks.Require(path, list, static entry =>
            SafetensorsTypes.Code(entry.DataType) is null ? $"expected a type that safetensors has, got {entry.DataType}"
            : entry.Name is MetadataKey ? "expected another name, got the one under which the metadata are kept"
            : null);
        List<(WeightEntry Entry, string Code)> sorted = Sorted(list);
        AtomicFile.Write(path, stream => Write(stream, sorted, metadata));
    }

    // Sorting is stable, so the order by name stays within a type.
    private static List<(WeightEntry Entry, string Code)> Sorted(IEnumerable<WeightEntry> entries) =>
    [
        .. WeightDigest.Sorted(entries)
            .Select(static item => (item.Entry, Type: SafetensorsTypes.Code(item.Entry.DataType)!.Value))
            .OrderByDescending(static item => item.Type.Rank)
            .Select(static item => (item.Entry, item.Type.Code)),
    ];

    private static void Write(Stream stream, List<(WeightEntry Entry, string Code)> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteHeader(json, entries, metadata);
        }

        int padding = (8 - (header.WrittenCount % 8)) % 8;
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)(header.WrittenCount + padding));
        stream.Write(prefix);
        stream.Write(header.WrittenSpan);
        stream.Write("        "u8[..padding]);
        foreach ((WeightEntry entry, _) in entries)
        {
            entry.CopyTo(stream);
        }
    }

    private static void WriteHeader(Utf8JsonWriter json, List<(WeightEntry Entry, string Code)> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        json.WriteStartObject();
        if (metadata is not null)
        {
            json.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        long end = 0;
        foreach ((WeightEntry entry, string code) in entries)
        {
            json.WriteStartObject(entry.Name);
            json.WriteString("dtype"u8, code);
            json.WriteStartArray("shape"u8);
            foreach (long size in entry.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets"u8);
            json.WriteNumberValue(end);
            end += entry.ByteCount;
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
