using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>The blocks whose four bits look a number up: the IQ4 kinds, and the four-bit floating-point numbers of OCP and NVIDIA.</summary>
internal static class TableBlocks
{
    /// <summary>Twice the values of float4_e2m1fn, so that they are whole.</summary>
    internal static Vector128<sbyte> TwiceE2M1 => Vector128.Create((sbyte)0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

    private static Vector128<sbyte> Uneven => Vector128.Create((sbyte)-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    internal static void Iq4Nl(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 18; bytes = bytes[18..], values = values[32..])
        {
            LookUp(Uneven, bytes.Slice(2, 16), BlockVectors.Half(bytes), values);
        }
    }

    internal static void Iq4Xs(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 136; bytes = bytes[136..], values = values[256..])
        {
            float scale = BlockVectors.Half(bytes);
            int highs = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            for (int group = 0; group < 8; group++)
            {
                int low = bytes[4 + (group / 2)] >> (4 * (group % 2)) & 15, high = highs >> (2 * group) & 3;
                LookUp(Uneven, bytes.Slice(8 + (16 * group), 16), scale * ((low | (high << 4)) - 32), values[(32 * group)..]);
            }
        }
    }

    internal static void MxFp4(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 17; bytes = bytes[17..], values = values[32..])
        {
            LookUp(TwiceE2M1, bytes.Slice(1, 16), HalfOfE8M0(bytes[0]), values);
        }
    }

    internal static void NvFp4(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 36; bytes = bytes[36..], values = values[64..])
        {
            for (int group = 0; group < 4; group++)
            {
                float scale = HalfOfE4M3(bytes[group]);
                for (int i = 0; i < 8; i++)
                {
                    byte pair = bytes[4 + (8 * group) + i];
                    values[(16 * group) + i] = scale * TwiceE2M1[pair & 15];
                    values[(16 * group) + 8 + i] = scale * TwiceE2M1[pair >> 4];
                }
            }
        }
    }

    /// <summary>Half of the power of two that a byte stands for, 2^(e - 127), since the numbers are doubled; the two least are subnormal.</summary>
    internal static float HalfOfE8M0(byte exponent) =>
        BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x0020_0000u << exponent : (uint)(exponent - 1) << 23);

    // Unsigned: the sign bit is passed over; 0x7F, which would be no number, stands for 0.
    private static float HalfOfE4M3(byte code)
    {
        if (code is 0 or 0x7F)
        {
            return 0;
        }

        int exponent = code >> 3 & 15, mantissa = code & 7;
        float value = exponent == 0 ? mantissa * 0.001953125f : (1 + (mantissa / 8f)) * MathF.ScaleB(1, exponent - 7);
        return value * 0.5f;
    }

    private static void LookUp(Vector128<sbyte> table, ReadOnlySpan<byte> pairs, float scale, Span<float> values)
    {
        Vector128<byte> codes = Vector128.Create(pairs);
        BlockVectors.Scale(Vector128.Shuffle(table, (codes & Vector128.Create((byte)15)).AsSByte()), scale, values);
        BlockVectors.Scale(Vector128.Shuffle(table, (codes >>> 4).AsSByte()), scale, values[16..]);
    }
}
