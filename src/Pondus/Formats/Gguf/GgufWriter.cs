using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pondus.Formats.Blocks;

namespace Pondus.Formats.Gguf;

/// <summary>Writes GGUF files of version 3, little-endian.</summary>
public static class GgufWriter
{
    private const string ArchitectureKey = "general.architecture";
    private const string AlignmentKey = "general.alignment";
    private const string BlockVersionKey = "general.quantization_version";
    private const uint BlockVersion = 2;
    private const int DefaultAlignment = 32;
    private const int MaxDimensions = 4;

    /// <summary>Writes tensors to a file in one step: an existing file is replaced whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors in their order, no two of one name, of at most four dimensions, read while writing.</param>
    /// <param name="values">The metadata in their order; <c>general.alignment</c> among them is kept to, and <c>general.architecture</c> is added if absent.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a type or shape is not of the format.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, GgufValue>? values = null)
    {
        Check(path, entries);
        OrderedDictionary<string, GgufValue> complete = Complete(values);
        WritePart(path, entries, complete, AlignmentOf(path, complete));
    }

    /// <summary>Writes tensors to several files named <c>x-00001-of-00003.gguf</c> for a path <c>x.gguf</c>; the first, which has the metadata, is written last.</summary>
    /// <param name="path">The file as it would be named in one piece; its folder must exist.</param>
    /// <param name="entries">The tensors in their order.</param>
    /// <param name="partBytes">Bytes of tensors a part at most; a single larger tensor gets a part of its own.</param>
    /// <param name="values">The metadata in their order.</param>
    /// <returns>The files, in their order; the path itself when all fits one part.</returns>
    /// <exception cref="ArgumentException">Two tensors have one name, or a type or shape is not of the format.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static IReadOnlyList<string> SaveParts(string path, IReadOnlyList<WeightEntry> entries, long partBytes, IReadOnlyDictionary<string, GgufValue>? values = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partBytes, 1);
        Check(path, entries);
        OrderedDictionary<string, GgufValue> complete = Complete(values);
        List<List<WeightEntry>> parts = Parts(entries, partBytes);
        if (parts.Count == 1)
        {
            WritePart(path, entries, complete, AlignmentOf(path, complete));
            return [path];
        }

        string stem = path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? path[..^5] : path;
        string[] paths = [.. Enumerable.Range(1, parts.Count).Select(number => GgufSplit.NameOf(stem, number, parts.Count))];
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            OrderedDictionary<string, GgufValue> own = i == 0 ? complete : new(StringComparer.Ordinal);
            own[GgufSplit.NumberKey] = OfUInt16(i);
            own[GgufSplit.CountKey] = OfUInt16(parts.Count);
            own[GgufSplit.TensorsKey] = OfInt32(entries.Count);
            // Only the first part has the metadata, so the others keep to what holds without.
            WritePart(paths[i], parts[i], own, AlignmentOf(path, own));
        }

        return paths;
    }

    /// <summary>Gives metadata their types: those of a GGUF file that the texts come from keep theirs, others become texts.</summary>
    /// <remarks>Files with blocks must say which version of them they have.</remarks>
    internal static OrderedDictionary<string, GgufValue> ValuesOf(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<WeightEntry> entries, GgufFile? source = null)
    {
        OrderedDictionary<string, GgufValue> values = new(StringComparer.Ordinal);
        foreach ((string key, string text) in metadata)
        {
            bool kept = source is not null && source.Values.ContainsKey(key) && string.Equals(source.Metadata[key], text, StringComparison.Ordinal);
            // Two keys are numbers to every reader, also where they have been texts in a file of another format.
            values[key] = kept ? source!.Values[key]
                : key is AlignmentKey or BlockVersionKey && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? GgufValue.OfUInt32(number)
                : GgufValue.OfText(text);
        }

        if (entries.Any(static entry => BlockDecoding.Knows(entry.DataType)))
        {
            values.TryAdd(BlockVersionKey, GgufValue.OfUInt32(BlockVersion));
        }

        return values;
    }

    private static void Check(string path, IReadOnlyList<WeightEntry> entries) => WriterChecks.Require(path, entries, static entry => NameProblem(entry.Name) ?? TypeProblem(entry));

    private static string? NameProblem(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length > GgufCursor.MaxNameBytes || !string.Equals(Encoding.UTF8.GetString(bytes), name, StringComparison.Ordinal)
            ? $"expected a name of at most {GgufCursor.MaxNameBytes} bytes in UTF-8 without halves of characters, got another of {bytes.Length}"
            : null;
    }

    private static string? TypeProblem(WeightEntry entry)
    {
        if (GgufTypes.Id(entry.DataType) is null)
        {
            return $"expected a type that GGUF has, got {entry.DataType}";
        }

        int block = WeightTypes.Layout(entry.DataType)!.Value.Elements;
        return entry.Shape.Length > MaxDimensions || (block > 1 && (entry.Shape.Length == 0 || entry.Shape[^1] % block != 0))
            ? $"expected at most {MaxDimensions} dimensions and rows of whole blocks of {block}, got {entry.DataType} ({string.Join(", ", entry.Shape.ToArray())})"
            : null;
    }

    private static OrderedDictionary<string, GgufValue> Complete(IReadOnlyDictionary<string, GgufValue>? values)
    {
        OrderedDictionary<string, GgufValue> complete = new(StringComparer.Ordinal);
        if (values is null || !values.ContainsKey(ArchitectureKey))
        {
            complete.Add(ArchitectureKey, GgufValue.OfText("unknown"));
        }

        if (values is not null)
        {
            foreach ((string key, GgufValue value) in values)
            {
                complete[key] = value;
            }
        }

        // What was split is whole again until it is split anew.
        complete.Remove(GgufSplit.NumberKey);
        complete.Remove(GgufSplit.CountKey);
        complete.Remove(GgufSplit.TensorsKey);
        return complete;
    }

    private static int AlignmentOf(string path, OrderedDictionary<string, GgufValue> values)
    {
        if (!values.TryGetValue(AlignmentKey, out GgufValue? value))
        {
            return DefaultAlignment;
        }

        return value.Type == GgufValueType.UInt32 && value.AsInt64() is > 0 and <= 1 << 20 and long alignment && long.IsPow2(alignment)
            ? (int)alignment
            : throw new ArgumentException($"{path}: '{AlignmentKey}': expected a power of two up to 1048576 as UInt32, got {value} as {value.Type}.", nameof(values));
    }

    private static List<List<WeightEntry>> Parts(IReadOnlyList<WeightEntry> entries, long partBytes)
    {
        List<List<WeightEntry>> parts = [[]];
        long bytes = 0;
        foreach (WeightEntry entry in entries)
        {
            if (parts[^1].Count > 0 && entry.ByteCount > partBytes - bytes)
            {
                parts.Add([]);
                bytes = 0;
            }

            parts[^1].Add(entry);
            bytes += entry.ByteCount;
        }

        return parts.Count <= ushort.MaxValue
            ? parts
            : throw new ArgumentException($"GgufWriter: expected at most {ushort.MaxValue} parts, got {parts.Count}. Allow more bytes a part.", nameof(partBytes));
    }

    private static void WritePart(string path, IReadOnlyList<WeightEntry> entries, OrderedDictionary<string, GgufValue> values, int alignment)
    {
        ArrayBufferWriter<byte> table = new();
        table.Write("GGUF"u8);
        WriteInt32(table, 3);
        WriteInt64(table, entries.Count);
        WriteInt64(table, values.Count);
        foreach ((string key, GgufValue value) in values)
        {
            WriteText(table, key);
            WriteValue(table, value);
        }

        long offset = 0;
        foreach (WeightEntry entry in entries)
        {
            WriteText(table, entry.Name);
            WriteInt32(table, entry.Shape.Length);
            for (int axis = entry.Shape.Length - 1; axis >= 0; axis--)
            {
                WriteInt64(table, entry.Shape[axis]);
            }

            WriteInt32(table, GgufTypes.Id(entry.DataType)!.Value);
            WriteInt64(table, offset);
            offset += entry.ByteCount + Padding(entry.ByteCount, alignment);
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write(table.WrittenSpan);
            Pad(stream, table.WrittenCount, alignment);
            foreach (WeightEntry entry in entries)
            {
                entry.CopyTo(stream);
                Pad(stream, entry.ByteCount, alignment);
            }
        });
    }

    private static long Padding(long count, int alignment) => (alignment - (count % alignment)) % alignment;

    private static void Pad(Stream stream, long count, int alignment) => stream.Write(new byte[Padding(count, alignment)]);

    private static void WriteValue(ArrayBufferWriter<byte> table, GgufValue value)
    {
        WriteInt32(table, (int)value.Type);
        if (value.Type == GgufValueType.Array)
        {
            WriteInt32(table, (int)value.ItemType);
            WriteInt64(table, value.Count);
        }
        else if (value.Type == GgufValueType.Text)
        {
            WriteInt64(table, value.Bytes.Length);
        }

        table.Write(value.Bytes);
    }

    private static void WriteText(ArrayBufferWriter<byte> table, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteInt64(table, bytes.Length);
        table.Write(bytes);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> table, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(table.GetSpan(4), value);
        table.Advance(4);
    }

    private static void WriteInt64(ArrayBufferWriter<byte> table, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(table.GetSpan(8), value);
        table.Advance(8);
    }

    private static GgufValue OfUInt16(int value) => new(GgufValueType.UInt16, new[] { (byte)value, (byte)(value >> 8) });

    private static GgufValue OfInt32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return new GgufValue(GgufValueType.Int32, bytes);
    }
}
