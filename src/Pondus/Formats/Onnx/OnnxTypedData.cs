using System.Buffers.Binary;
using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Numbers in float_data, int32_data and their kin: counted when a file is opened, decoded when asked for.</summary>
internal static class OnnxTypedData
{
    /// <summary>Counts the numbers of a field without keeping them.</summary>
    public static void Count(ProtobufReader reader, OnnxTypedCounts counts)
    {
        int field = reader.Field;
        long numbers = 1;
        if (reader.Wire == WireType.Bytes)
        {
            long outer = reader.Enter();
            counts.PackedAt = reader.Position;
            int size = FixedBytes(field);
            numbers = size > 0 ? (reader.End - reader.Position) / size : 0;
            if (size > 0 && (reader.End - reader.Position) % size != 0)
            {
                throw reader.Error(reader.Position, $"tensor: expected whole numbers of {size} bytes, got {reader.End - reader.Position} bytes.");
            }

            while (size == 0 && reader.Position < reader.End)
            {
                reader.Varint();
                numbers++;
            }

            reader.Leave(outer);
        }
        else
        {
            reader.Skip();
            counts.Pieces++;
        }

        counts.Pieces++;
        counts.Numbers[field] = counts.Numbers.GetValueOrDefault(field) + numbers;
    }

    /// <summary>Gives the reader of a tensor's bytes; null when it has elements and no numbers at all, as a tensor kept elsewhere.</summary>
    public static WeightBytesReader? Reader(RandomAccessFile file, ProtobufReader parent, string name, OnnxType type, long count, long bytes, OnnxTypedCounts counts, long start, long end)
    {
        int field = OnnxFields.Of(type);
        long expected = Expected(type, count, bytes), found = counts.Numbers.GetValueOrDefault(field);
        if (found != expected)
        {
            throw parent.Error(start, $"tensor '{name}': expected {expected} numbers for {count} elements of {OnnxTypes.Name(type)}, got {found}.");
        }

        if (counts.Pieces == 1 && FixedBytes(field) > 0)
        {
            long at = counts.PackedAt;
            return (offset, destination) => file.Read(at + offset, destination);
        }

        Lazy<byte[]> decoded = new(() => Decode(file, type, field, bytes, start, end));
        return (offset, destination) => decoded.Value.AsSpan((int)offset, destination.Length).CopyTo(destination);
    }

    private static byte[] Decode(RandomAccessFile file, OnnxType type, int field, long bytes, long start, long end)
    {
        byte[] data = new byte[bytes];
        int size = NumberBytes(type), at = 0;
        ProtobufReader reader = new(file, start, end);
        while (reader.Next())
        {
            if (reader.Field != field)
            {
                reader.Skip();
                continue;
            }

            bool packed = reader.Wire == WireType.Bytes;
            long outer = packed ? reader.Enter() : 0;
            do
            {
                if (packed && reader.Position == reader.End)
                {
                    break;
                }

                ulong number = FixedBytes(field) switch
                {
                    4 => reader.Fixed32(),
                    8 => reader.Fixed64(),
                    _ => reader.Varint(),
                };
                // The file may have been written to since it was counted.
                if (at > data.Length - size)
                {
                    throw reader.Error(start, $"tensor: expected {data.Length} bytes, got more. The file has changed.");
                }

                Put(data.AsSpan(at, size), number);
                at += size;
            }
            while (packed);

            if (packed)
            {
                reader.Leave(outer);
            }
        }

        return data;
    }

    private static void Put(Span<byte> destination, ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        bytes[..destination.Length].CopyTo(destination);
    }

    private static long Expected(OnnxType type, long count, long bytes) => type switch
    {
        OnnxType.Complex64 or OnnxType.Complex128 => 2 * count,
        // A number for each byte of packed elements.
        OnnxType.Int4 or OnnxType.UInt4 or OnnxType.Int2 or OnnxType.UInt2 or OnnxType.Float4E2M1 => bytes,
        _ => count,
    };

    private static int FixedBytes(int field) => field switch
    {
        OnnxFields.FloatData => 4,
        OnnxFields.DoubleData => 8,
        _ => 0,
    };

    private static int NumberBytes(OnnxType type) => type switch
    {
        OnnxType.Double or OnnxType.Complex128 or OnnxType.Int64 or OnnxType.UInt64 => 8,
        OnnxType.Float or OnnxType.Complex64 or OnnxType.Int32 or OnnxType.UInt32 => 4,
        OnnxType.Float16 or OnnxType.BFloat16 or OnnxType.Int16 or OnnxType.UInt16 => 2,
        _ => 1,
    };
}
