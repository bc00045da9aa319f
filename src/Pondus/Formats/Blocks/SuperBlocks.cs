using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>The k-quants: 256 codes in groups of 16 or 32, whose small scales share a scale of the block.</summary>
internal static class SuperBlocks
{
    private const int Elements = 256;

    private static Vector128<byte> Low4 => Vector128.Create((byte)15);

    private static Vector128<byte> Low2 => Vector128.Create((byte)3);

    internal static void Q2K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 84; bytes = bytes[84..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes[80..]), least = BlockVectors.Half(bytes[82..]);
            for (int group = 0; group < 16; group++)
            {
                Vector128<byte> codes = TwoBits(bytes[16..], group);
                BlockVectors.Scale(codes.AsSByte(), scale * (bytes[group] & 15), -(least * (bytes[group] >> 4)), values[(16 * group)..]);
            }
        }
    }

    internal static void Q3K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 110; bytes = bytes[110..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes[108..]);
            ReadOnlySpan<byte> scales = bytes.Slice(96, 12);
            for (int group = 0; group < 16; group++)
            {
                // The third bit is stored inverted: where it is absent, 4 is taken off.
                Vector128<byte> bit = Vector128.Create((byte)(1 << (group / 2)));
                Vector128<byte> third = Vector128.Equals(Vector128.Create(bytes.Slice(16 * (group % 2), 16)) & bit, bit);
                Vector128<byte> codes = TwoBits(bytes[32..], group) - (~third & Vector128.Create((byte)4));
                int low = scales[group % 8] >> (4 * (group / 8)) & 15, high = scales[8 + (group % 4)] >> (2 * (group / 4)) & 3;
                BlockVectors.Scale(codes.AsSByte(), scale * ((low | (high << 4)) - 32), values[(16 * group)..]);
            }
        }
    }

    internal static void Q4K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 144; bytes = bytes[144..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes), least = BlockVectors.Half(bytes[2..]);
            for (int group = 0; group < 8; group++)
            {
                (int factor, int minimum) = SixBits(bytes[4..], group);
                ReadOnlySpan<byte> codes = bytes.Slice(16 + (32 * (group / 2)), 32);
                for (int part = 0; part < 32; part += 16)
                {
                    Vector128<byte> code = FourBits(Vector128.Create(codes.Slice(part, 16)), group % 2);
                    BlockVectors.Scale(code.AsSByte(), scale * factor, -(least * minimum), values[((32 * group) + part)..]);
                }
            }
        }
    }

    internal static void Q5K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 176; bytes = bytes[176..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes), least = BlockVectors.Half(bytes[2..]);
            for (int group = 0; group < 8; group++)
            {
                (int factor, int minimum) = SixBits(bytes[4..], group);
                ReadOnlySpan<byte> codes = bytes.Slice(48 + (32 * (group / 2)), 32);
                Vector128<byte> bit = Vector128.Create((byte)(1 << group));
                for (int part = 0; part < 32; part += 16)
                {
                    Vector128<byte> fifth = Vector128.Equals(Vector128.Create(bytes.Slice(16 + part, 16)) & bit, bit) & Vector128.Create((byte)16);
                    Vector128<byte> code = FourBits(Vector128.Create(codes.Slice(part, 16)), group % 2) | fifth;
                    BlockVectors.Scale(code.AsSByte(), scale * factor, -(least * minimum), values[((32 * group) + part)..]);
                }
            }
        }
    }

    internal static void Q6K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 210; bytes = bytes[210..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes[208..]);
            for (int group = 0; group < 16; group++)
            {
                int half = group / 8, quarter = group % 8;
                Vector128<byte> low = FourBits(Vector128.Create(bytes.Slice((64 * half) + (16 * (quarter % 4)), 16)), quarter / 4);
                Vector128<byte> codes = low | (TwoBits(bytes[128..], group) << 4);
                BlockVectors.Scale(codes.AsSByte() - Vector128.Create((sbyte)32), scale * (sbyte)bytes[192 + group], values[(16 * group)..]);
            }
        }
    }

    // The sums behind the codes serve products only.
    internal static void Q8K(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 292; bytes = bytes[292..], values = values[Elements..])
        {
            float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(bytes.Slice(4, Elements));
            for (int i = 0; i < Elements; i += BlockVectors.Width)
            {
                BlockVectors.Scale(Vector128.Create(codes.Slice(i, BlockVectors.Width)), scale, values[i..]);
            }
        }
    }

    /// <summary>The sixteen codes of a group: 32 bytes hold four groups of 32 in their pairs of bits.</summary>
    internal static Vector128<byte> TwoBits(ReadOnlySpan<byte> bytes, int group)
    {
        int half = group / 8, pair = group % 8 / 2;
        return (Vector128.Create(bytes.Slice((32 * half) + (16 * (group % 2)), 16)) >>> (2 * pair)) & Low2;
    }

    private static Vector128<byte> FourBits(Vector128<byte> codes, int half) => half == 0 ? codes & Low4 : codes >>> 4;

    /// <summary>Scale and minimum of one of eight groups, six bits each in twelve bytes: the last four hold the low bits of groups 4 to 7.</summary>
    private static (int Scale, int Minimum) SixBits(ReadOnlySpan<byte> bytes, int group) => group < 4
        ? (bytes[group] & 63, bytes[4 + group] & 63)
        : ((bytes[4 + group] & 15) | (bytes[group - 4] >> 2 & 48), (bytes[4 + group] >> 4) | (bytes[group] >> 2 & 48));
}
