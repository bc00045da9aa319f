using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>The blocks of 256 numbers that are -1, 0 or 1 times a scale: five to a byte in base 3, or four to a byte.</summary>
internal static class TernaryBlocks
{
    private const int Elements = 256;

    internal static void Tq10(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 54; bytes = bytes[54..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes[52..]);
            Digits(bytes[..32], 5, scale, values);
            Digits(bytes.Slice(32, 16), 5, scale, values[160..]);
            Digits(bytes.Slice(48, 4), 4, scale, values[240..]);
        }
    }

    internal static void Tq20(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (; bytes.Length >= 66; bytes = bytes[66..], values = values[Elements..])
        {
            float scale = BlockVectors.Half(bytes[64..]);
            for (int group = 0; group < Elements / BlockVectors.Width; group++)
            {
                Vector128<sbyte> codes = SuperBlocks.TwoBits(bytes, group).AsSByte();
                BlockVectors.Scale(codes - Vector128<sbyte>.One, scale, values[(BlockVectors.Width * group)..]);
            }
        }
    }

    // A byte is ceil(256 n / 243): multiplied by a power of 3, its lower eight bits are what follows the digits before, of 256.
    private static void Digits(ReadOnlySpan<byte> bytes, int count, float scale, Span<float> values)
    {
        byte power = 1;
        for (int digit = 0; digit < count; digit++, power *= 3)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                int rest = (byte)(bytes[i] * power);
                values[(digit * bytes.Length) + i] = scale * (((rest * 3) >> 8) - 1);
            }
        }
    }
}
