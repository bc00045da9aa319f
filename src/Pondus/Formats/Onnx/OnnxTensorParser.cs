using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Reads TensorProto messages: their table at once, their numbers when asked for.</summary>
/// <remarks>Numbers lie in raw_data, in a field by type (float_data, int32_data ...), or in another file. Counts are checked at once.</remarks>
internal sealed class OnnxTensorParser(RandomAccessFile file, OnnxExternalData external, OnnxBudget budget)
{
    private const int MaxRank = 64;

    /// <summary>Reads the tensor message that the reader has entered.</summary>
    public OnnxTensor Parse(ProtobufReader reader)
    {
        long start = reader.Position, end = reader.End;
        Parts parts = new();
        while (reader.Next())
        {
            Take(reader, parts);
        }

        OnnxType type = (OnnxType)parts.DataType;
        long[] dims = [.. parts.Dims];
        if (!WeightTypes.TryCount(dims, out long count))
        {
            throw reader.Error(start, $"tensor '{parts.Name}': expected sizes of at least 0 with a product below 2^63, got ({string.Join(", ", dims)}).");
        }

        if (type == OnnxType.String)
        {
            return count == parts.Strings.Count
                ? new OnnxTensor { Name = parts.Name, Type = type, Dims = dims, Strings = [.. parts.Strings] }
                : throw reader.Error(start, $"tensor '{parts.Name}': expected {count} texts, got {parts.Strings.Count}.");
        }

        string? dataType = OnnxTypes.DataType(type);
        if (dataType is null)
        {
            throw reader.Error(start, $"tensor '{parts.Name}': expected an element type from 1 to 26, got {parts.DataType}.");
        }

        if (!WeightTypes.TryCountBytes(WeightTypes.Layout(dataType)!.Value, dims, out long bytes, padded: true))
        {
            throw reader.Error(start, $"tensor '{parts.Name}': expected sizes whose bytes number below 2^60, got ({string.Join(", ", dims)}).");
        }

        WeightBytesReader? data = Data(reader, parts, type, count, bytes, start, end);
        return new OnnxTensor { Name = parts.Name, Type = type, Dims = dims, Entry = data is null ? null : new WeightEntry(parts.Name, dataType, dims, bytes, data) };
    }

    private void Take(ProtobufReader reader, Parts parts)
    {
        switch (reader.Field)
        {
            case 1:
                Integers(reader, parts);
                break;
            case 2:
                parts.DataType = (int)Math.Clamp(reader.Int(), int.MinValue, int.MaxValue);
                break;
            case OnnxFields.FloatData or OnnxFields.Int32Data or OnnxFields.Int64Data or OnnxFields.DoubleData or OnnxFields.UInt64Data:
                OnnxTypedData.Count(reader, parts.Typed);
                break;
            case 6:
                budget.Take(reader);
                parts.Strings.Add(reader.Bytes());
                break;
            case 8:
                parts.Name = reader.Text();
                break;
            case 9:
                parts.RawBytes = reader.Length();
                parts.RawAt = reader.Position;
                reader.Forward(parts.RawBytes);
                break;
            case 13:
                budget.Take(reader);
                (string key, string value) = OnnxReader.Pair(reader);
                parts.External[key] = value;
                break;
            case 14:
                parts.IsExternal = reader.Int() == 1;
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void Integers(ProtobufReader reader, Parts parts)
    {
        long at = reader.Position;
        if (reader.Wire == WireType.Varint)
        {
            parts.Dims.Add((long)reader.Varint());
        }
        else
        {
            long outer = reader.Enter();
            while (reader.Position < reader.End && parts.Dims.Count <= MaxRank)
            {
                parts.Dims.Add((long)reader.Varint());
            }

            reader.Leave(outer);
        }

        if (parts.Dims.Count > MaxRank)
        {
            throw reader.Error(at, $"tensor: expected at most {MaxRank} axes, got more.");
        }
    }

    private WeightBytesReader? Data(ProtobufReader reader, Parts parts, OnnxType type, long count, long bytes, long start, long end)
    {
        if (parts.IsExternal)
        {
            return external.Reader(parts.Name, parts.External, bytes, start);
        }

        if (parts.RawAt >= 0)
        {
            // An empty raw field beside a typed one is written by some exporters for empty tensors.
            return parts.RawBytes == bytes
                ? (offset, destination) => file.Read(parts.RawAt + offset, destination)
                : throw reader.Error(parts.RawAt, $"tensor '{parts.Name}': expected {bytes} bytes of raw data for {OnnxTypes.Name(type)} ({string.Join(", ", parts.Dims)}), got {parts.RawBytes}.");
        }

        return OnnxTypedData.Reader(file, reader, parts.Name, type, count, bytes, parts.Typed, start, end);
    }

    private sealed class Parts
    {
        public string Name { get; set; } = string.Empty;

        public int DataType { get; set; }

        public List<long> Dims { get; } = [];

        public List<byte[]> Strings { get; } = [];

        public long RawAt { get; set; } = -1;

        public long RawBytes { get; set; }

        public bool IsExternal { get; set; }

        public Dictionary<string, string> External { get; } = new(StringComparer.Ordinal);

        public OnnxTypedCounts Typed { get; } = new();
    }
}
