using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Turns the bytes of a chunk into numbers: float64 for types that float32 cannot hold, float32 for the others.</summary>
internal static class StatisticsDecoder
{
    /// <summary>Whether values of a type are given as float64.</summary>
    public static bool IsWide(string dataType) => dataType is "float64" or "int64" or "uint64" or "int32" or "uint32" or "int16" or "uint16" or "int8" or "uint8" or "bool";

    /// <summary>Gives float32 values; false when the type has no real values.</summary>
    /// <param name="dataType">A type that is not wide.</param>
    /// <param name="bytes">Whole elements or blocks.</param>
    /// <param name="scratch">Room for the values where they are not the bytes themselves.</param>
    /// <param name="values">The values.</param>
    public static bool TryDecode(string dataType, ReadOnlySpan<byte> bytes, Span<float> scratch, out ReadOnlySpan<float> values)
    {
        if (dataType is "float32" && BitConverter.IsLittleEndian)
        {
            values = MemoryMarshal.Cast<byte, float>(bytes);
            return true;
        }

        int? count = SingleConversion.Convert(dataType, bytes, scratch);
        values = scratch[..(count ?? 0)];
        return count is not null;
    }

    /// <summary>Gives float64 values of a wide type; whole numbers beyond 2^53 are rounded.</summary>
    public static void DecodeWide(string dataType, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        switch (dataType)
        {
            case "float64":
                Fill(bytes, values, 8, BinaryPrimitives.ReadDoubleLittleEndian);
                break;
            case "int64":
                Fill(bytes, values, 8, static b => BinaryPrimitives.ReadInt64LittleEndian(b));
                break;
            case "uint64":
                Fill(bytes, values, 8, static b => BinaryPrimitives.ReadUInt64LittleEndian(b));
                break;
            case "int32":
                Fill(bytes, values, 4, static b => BinaryPrimitives.ReadInt32LittleEndian(b));
                break;
            case "uint32":
                Fill(bytes, values, 4, static b => BinaryPrimitives.ReadUInt32LittleEndian(b));
                break;
            case "int16":
                Fill(bytes, values, 2, static b => BinaryPrimitives.ReadInt16LittleEndian(b));
                break;
            case "uint16":
                Fill(bytes, values, 2, static b => BinaryPrimitives.ReadUInt16LittleEndian(b));
                break;
            case "int8":
                Fill(bytes, values, 1, static b => (sbyte)b[0]);
                break;
            case "bool":
                Fill(bytes, values, 1, static b => b[0] == 0 ? 0 : 1);
                break;
            default:
                Fill(bytes, values, 1, static b => b[0]);
                break;
        }
    }

    private static void Fill(ReadOnlySpan<byte> bytes, Span<double> values, int size, Func<ReadOnlySpan<byte>, double> read)
    {
        for (int i = 0; i * size < bytes.Length; i++)
        {
            values[i] = read(bytes[(i * size)..]);
        }
    }
}
