using System.Buffers.Binary;

namespace Pondus.Formats.Blocks;

/// <summary>Writes float32, float16 and bfloat16, rounding to nearest, ties to even.</summary>
internal static class PlainEncoding
{
    internal static void Single(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], values[i]);
        }
    }

    internal static void Half(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)values[i]);
        }
    }

    internal static void BFloat16(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            // What is no number stays none: rounding could carry its last bits into infinity.
            uint rounded = float.IsNaN(values[i]) ? bits | 0x0040_0000 : bits + 0x7FFF + (bits >> 16 & 1);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], (ushort)(rounded >> 16));
        }
    }
}
