namespace Pondus.Formats.Blocks;

/// <summary>Writes blocks of 256 numbers as -1, 0 or 1 times the largest magnitude.</summary>
internal static class TernaryEncoding
{
    private const int Elements = 256;

    internal static void Tq10(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[54..])
        {
            float scale = Codes(values[..Elements], codes);
            WriteDigits(codes[..160], 5, bytes[..32]);
            WriteDigits(codes[160..240], 5, bytes.Slice(32, 16));
            WriteDigits(codes[240..], 4, bytes.Slice(48, 4));
            BlockEncoding.WriteHalf(bytes[52..], scale);
        }
    }

    internal static void Tq20(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<byte> codes = stackalloc byte[Elements];
        for (; values.Length >= Elements; values = values[Elements..], bytes = bytes[66..])
        {
            float scale = Codes(values[..Elements], codes);
            for (int i = 0; i < 64; i++)
            {
                ReadOnlySpan<byte> four = codes[((128 * (i / 32)) + (i % 32))..];
                bytes[i] = (byte)(four[0] | (four[32] << 2) | (four[64] << 4) | (four[96] << 6));
            }

            BlockEncoding.WriteHalf(bytes[64..], scale);
        }
    }

    private static float Codes(ReadOnlySpan<float> values, Span<byte> codes)
    {
        float scale = BlockEncoding.Largest(values), inverse = BlockEncoding.Inverse(scale);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)((sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero) + 1);
        }

        return scale;
    }

    // The digits of n in base 3 are stored as ceil(256 n / 243), so that products with powers of 3 bring them out again.
    private static void WriteDigits(ReadOnlySpan<byte> codes, int count, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            int number = 0, power = 81;
            for (int digit = 0; digit < count; digit++, power /= 3)
            {
                number += codes[(digit * bytes.Length) + i] * power;
            }

            bytes[i] = (byte)(((number * 256) + 242) / 243);
        }
    }
}
