using System.Buffers.Binary;

namespace Pondus.Formats.Blocks;

/// <summary>Writes blocks of 32 codes. The order of the roundings is the reference's; scales are rounded to float16 only when stored.</summary>
internal static class BlockEncoding
{
    private const int Elements = 32;

    /// <summary>Halfway between neighbors of 0, 1, 2, 3, 4, 6, 8 and 12: twice the values of float4_e2m1fn.</summary>
    private static ReadOnlySpan<float> Middles => [0.5f, 1.5f, 2.5f, 3.5f, 5, 7, 10];

    internal static void Q40(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[18..])
        {
            float scale = Centered(values[..Elements], 8, codes);
            WriteHalf(bytes, scale);
            WritePairs(codes, bytes[2..]);
        }
    }

    internal static void Q41(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[20..])
        {
            (float scale, float minimum) = FromMinimum(values[..Elements], 15, codes);
            WriteHalf(bytes, scale);
            WriteHalf(bytes[2..], minimum);
            WritePairs(codes, bytes[4..]);
        }
    }

    internal static void Q50(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[22..])
        {
            float scale = Centered(values[..Elements], 16, codes);
            WriteHalf(bytes, scale);
            WriteFifthBits(codes, bytes[2..]);
            WritePairs(codes, bytes[6..]);
        }
    }

    internal static void Q51(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[24..])
        {
            (float scale, float minimum) = FromMinimum(values[..Elements], 31, codes);
            WriteHalf(bytes, scale);
            WriteHalf(bytes[2..], minimum);
            WriteFifthBits(codes, bytes[4..]);
            WritePairs(codes, bytes[8..]);
        }
    }

    internal static void Q80(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[34..])
        {
            float scale = Largest(values[..Elements]) / 127, inverse = Inverse(scale);
            WriteHalf(bytes, scale);
            for (int i = 0; i < Elements; i++)
            {
                bytes[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }
    }

    internal static void MxFp4(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[17..])
        {
            float largest = Largest(values[..Elements]);
            byte exponent = largest > 0 ? (byte)Math.Clamp(MathF.Floor(MathF.Log2(largest)) - 2 + 127, 0, 254) : (byte)0;
            float scale = TableBlocks.HalfOfE8M0(exponent);
            for (int i = 0; i < Elements; i++)
            {
                codes[i] = Nearest(values[i], scale);
            }

            bytes[0] = exponent;
            WritePairs(codes, bytes[1..]);
        }
    }

    /// <summary>The largest magnitude; what is no number is passed over.</summary>
    internal static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = MathF.Abs(value) > largest ? MathF.Abs(value) : largest;
        }

        return largest;
    }

    internal static float Inverse(float scale) => scale == 0 ? 0 : 1 / scale;

    internal static void WriteHalf(Span<byte> bytes, float value) => BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);

    /// <summary>Codes from 0 to 2 middle - 1 around the middle; the value of largest magnitude, the first of them, becomes code 0.</summary>
    private static float Centered(ReadOnlySpan<float> values, int middle, Span<byte> codes)
    {
        float extreme = values[0];
        foreach (float value in values)
        {
            extreme = MathF.Abs(value) > MathF.Abs(extreme) ? value : extreme;
        }

        float scale = extreme / -middle, inverse = Inverse(scale);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Math.Min((byte)((values[i] * inverse) + (middle + 0.5f)), (byte)((2 * middle) - 1));
        }

        return scale;
    }

    /// <summary>Codes from 0 to a highest one, in equal steps from the least value to the largest.</summary>
    private static (float Scale, float Minimum) FromMinimum(ReadOnlySpan<float> values, byte highest, Span<byte> codes)
    {
        float minimum = values[0], maximum = values[0];
        foreach (float value in values)
        {
            minimum = MathF.Min(minimum, value);
            maximum = MathF.Max(maximum, value);
        }

        float scale = (maximum - minimum) / highest, inverse = Inverse(scale);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Math.Min((byte)(((values[i] - minimum) * inverse) + 0.5f), highest);
        }

        return (scale, minimum);
    }

    // Midway the lesser magnitude wins, as in the reference, and 0 is never written as -0. The scale is a power of two, so the middles are exact.
    private static byte Nearest(float value, float scale)
    {
        float magnitude = MathF.Abs(value);
        int code = 0;
        foreach (float middle in Middles)
        {
            code += magnitude > scale * middle ? 1 : 0;
        }

        return (byte)(value < 0 && code > 0 ? code | 8 : code);
    }

    /// <summary>Two codes a byte: the first sixteen in the low bits, the others in the high ones.</summary>
    private static void WritePairs(ReadOnlySpan<byte> codes, Span<byte> bytes)
    {
        for (int i = 0; i < 16; i++)
        {
            bytes[i] = (byte)((codes[i] & 15) | (codes[16 + i] << 4));
        }
    }

    private static void WriteFifthBits(ReadOnlySpan<byte> codes, Span<byte> bytes)
    {
        uint bits = 0;
        for (int i = 0; i < Elements; i++)
        {
            bits |= (uint)(codes[i] >> 4) << i;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, bits);
    }
}
