using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>The blocks of 32 codes with a scale, and with a minimum for the kinds that end in 1; and that of 128 signs.</summary>
internal static class SmallBlocks
{
    private const int Elements = 32;

    internal static void Q40(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 18; bytes = bytes[18..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            Vector128<byte> codes = Vector128.Create(bytes.Slice(2, 16));
            Vector128<sbyte> middle = Vector128.Create((sbyte)8);
            BlockVectors.Scale((codes & Vector128.Create((byte)15)).AsSByte() - middle, scale, values);
            BlockVectors.Scale((codes >>> 4).AsSByte() - middle, scale, values[16..]);
        }
    }

    internal static void Q41(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 20; bytes = bytes[20..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes), minimum = BlockVectors.Half(bytes[2..]);
            Vector128<byte> codes = Vector128.Create(bytes.Slice(4, 16));
            BlockVectors.Scale((codes & Vector128.Create((byte)15)).AsSByte(), scale, minimum, values);
            BlockVectors.Scale((codes >>> 4).AsSByte(), scale, minimum, values[16..]);
        }
    }

    internal static void Q50(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 22; bytes = bytes[22..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            (Vector128<sbyte> lower, Vector128<sbyte> upper) = FiveBits(bytes[2..]);
            Vector128<sbyte> middle = Vector128.Create((sbyte)16);
            BlockVectors.Scale(lower - middle, scale, values);
            BlockVectors.Scale(upper - middle, scale, values[16..]);
        }
    }

    internal static void Q51(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 24; bytes = bytes[24..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes), minimum = BlockVectors.Half(bytes[2..]);
            (Vector128<sbyte> lower, Vector128<sbyte> upper) = FiveBits(bytes[4..]);
            BlockVectors.Scale(lower, scale, minimum, values);
            BlockVectors.Scale(upper, scale, minimum, values[16..]);
        }
    }

    internal static void Q80(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 34; bytes = bytes[34..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(bytes.Slice(2, Elements));
            BlockVectors.Scale(Vector128.Create(codes[..16]), scale, values);
            BlockVectors.Scale(Vector128.Create(codes[16..]), scale, values[16..]);
        }
    }

    // Scale and sum are float32, as in the layout of 40 bytes that gguf-py knows; the sum serves products only.
    internal static void Q81(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 40; bytes = bytes[40..], values = values[Elements..])
        {
            float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(bytes.Slice(8, Elements));
            BlockVectors.Scale(Vector128.Create(codes[..16]), scale, values);
            BlockVectors.Scale(Vector128.Create(codes[16..]), scale, values[16..]);
        }
    }

    internal static void Q10(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        const int elements = 128;
        for (; bytes.Length >= 18; bytes = bytes[18..], values = values[elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int i = 0; i < elements; i++)
            {
                values[i] = (bytes[2 + (i / 8)] >> (i % 8) & 1) == 0 ? -scale : scale;
            }
        }
    }

    /// <summary>Joins the four bytes of fifth bits and the sixteen bytes of low bits behind them.</summary>
    private static (Vector128<sbyte> Lower, Vector128<sbyte> Upper) FiveBits(ReadOnlySpan<byte> bytes)
    {
        Vector128<byte> codes = Vector128.Create(bytes.Slice(4, 16));
        Vector128<byte> bits = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(bytes)).AsByte();
        Vector128<byte> lower = (codes & Vector128.Create((byte)15)) | FifthBits(bits, 0);
        Vector128<byte> upper = (codes >>> 4) | FifthBits(bits, 2);
        return (lower.AsSByte(), upper.AsSByte());
    }

    /// <summary>Gives each of sixteen codes its bit of two bytes.</summary>
    private static Vector128<byte> FifthBits(Vector128<byte> bytes, byte first)
    {
        Vector128<byte> places = Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1) + Vector128.Create(first);
        Vector128<byte> bits = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        return Vector128.Equals(Vector128.Shuffle(bytes, places) & bits, bits) & Vector128.Create((byte)16);
    }
}
