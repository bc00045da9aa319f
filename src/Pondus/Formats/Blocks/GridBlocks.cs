using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>The IQ1, IQ2 and IQ3 kinds: codes name rows of a grid of four or eight numbers.</summary>
internal static class GridBlocks
{
    private const int Elements = 256;
    private const float Shift = 0.125f;

    internal static void Iq1S(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq1;
        for (; bytes.Length >= 50; bytes = bytes[50..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                int high = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(34 + (2 * (row / 4)))..]);
                int code = bytes[2 + row] | ((high >> (3 * (row % 4)) & 7) << 8);
                Shifted(Row(grid, code), scale * ((2 * (high >> 12 & 7)) + 1), (high & 0x8000) != 0, values[(8 * row)..]);
            }
        }
    }

    internal static void Iq1M(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq1;
        for (; bytes.Length >= 56; bytes = bytes[56..], values = values[Elements..])
        {
            // The scale, a float16, is spread over the upper four bits of four words of small scales.
            ulong scales = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]);
            ulong bits = (scales >> 12 & 0xF) | (scales >> 24 & 0xF0) | (scales >> 36 & 0xF00) | (scales >> 48 & 0xF000);
            float scale = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            for (int row = 0; row < 32; row++)
            {
                int group = row / 2;
                int small = (int)(scales >> ((16 * (group / 4)) + (3 * (group % 4))) & 7);
                int high = bytes[32 + (row / 2)] >> (4 * (row % 2));
                int code = bytes[row] | ((high & 7) << 8);
                Shifted(Row(grid, code), scale * ((2 * small) + 1), (high & 8) != 0, values[(8 * row)..]);
            }
        }
    }

    internal static void Iq2Xxs(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq2Xxs;
        for (; bytes.Length >= 66; bytes = bytes[66..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                ReadOnlySpan<byte> group = bytes.Slice(2 + (8 * (row / 4)), 8);
                uint signs = BinaryPrimitives.ReadUInt32LittleEndian(group[4..]);
                float factor = scale * (0.5f + (signs >> 28)) * 0.25f;
                BlockVectors.Signed(Row(grid, group[row % 4]), factor, Even(signs >> (7 * (row % 4))), values[(8 * row)..]);
            }
        }
    }

    internal static void Iq2Xs(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq2Xs;
        for (; bytes.Length >= 74; bytes = bytes[74..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                uint code = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 + (2 * row))..]);
                float factor = scale * (0.5f + Nibble(bytes[66..], row / 2)) * 0.25f;
                BlockVectors.Signed(Row(grid, (int)code & 511), factor, Even(code >> 9), values[(8 * row)..]);
            }
        }
    }

    internal static void Iq2S(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq2S;
        for (; bytes.Length >= 82; bytes = bytes[82..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                int code = bytes[2 + row] | ((bytes[66 + (row / 4)] >> (2 * (row % 4)) & 3) << 8);
                float factor = scale * (0.5f + Nibble(bytes[74..], row / 2)) * 0.25f;
                BlockVectors.Signed(Row(grid, code), factor, bytes[34 + row], values[(8 * row)..]);
            }
        }
    }

    internal static void Iq3Xxs(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq3Xxs;
        for (; bytes.Length >= 98; bytes = bytes[98..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                uint signs = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(66 + (4 * (row / 4)))..]);
                float factor = scale * (0.5f + (signs >> 28)) * 0.5f;
                Vector256<float> numbers = Rows(grid, bytes[2 + (2 * row)], bytes[3 + (2 * row)]);
                BlockVectors.Signed(numbers, factor, Even(signs >> (7 * (row % 4))), values[(8 * row)..]);
            }
        }
    }

    internal static void Iq3S(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<float> grid = Grids.Iq3S;
        for (; bytes.Length >= 110; bytes = bytes[110..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes);
            for (int row = 0; row < 32; row++)
            {
                int high = bytes[66 + (row / 4)] >> (2 * (row % 4));
                Vector256<float> numbers = Rows(grid, bytes[2 + (2 * row)] | ((high & 1) << 8), bytes[3 + (2 * row)] | ((high & 2) << 7));
                float factor = scale * (1 + (2 * Nibble(bytes[106..], row / 4)));
                BlockVectors.Signed(numbers, factor, bytes[74 + row], values[(8 * row)..]);
            }
        }
    }

    private static Vector256<float> Row(ReadOnlySpan<float> grid, int code) => Vector256.Create(grid.Slice(8 * code, 8));

    private static Vector256<float> Rows(ReadOnlySpan<float> grid, int first, int second) =>
        Vector256.Create(Vector128.Create(grid.Slice(4 * first, 4)), Vector128.Create(grid.Slice(4 * second, 4)));

    private static void Shifted(Vector256<float> numbers, float scale, bool down, Span<float> values) =>
        ((numbers + Vector256.Create(down ? -Shift : Shift)) * Vector256.Create(scale)).CopyTo(values);

    private static int Nibble(ReadOnlySpan<byte> bytes, int index) => bytes[index / 2] >> (4 * (index % 2)) & 15;

    // Seven signs are stored; the eighth makes the number of minus signs even.
    private static byte Even(uint signs)
    {
        uint seven = signs & 127;
        return (byte)(seven | ((uint)System.Numerics.BitOperations.PopCount(seven) << 7));
    }
}
