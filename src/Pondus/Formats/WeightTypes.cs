namespace Pondus.Formats;

/// <summary>The element types of weights files, named as NumPy and ml_dtypes name them, and their widths.</summary>
internal static class WeightTypes
{
    private static readonly Dictionary<string, int> s_bits = new(StringComparer.Ordinal)
    {
        ["bool"] = 8,
        ["uint8"] = 8,
        ["int8"] = 8,
        ["uint16"] = 16,
        ["int16"] = 16,
        ["uint32"] = 32,
        ["int32"] = 32,
        ["uint64"] = 64,
        ["int64"] = 64,
        ["float16"] = 16,
        ["bfloat16"] = 16,
        ["float32"] = 32,
        ["float64"] = 64,
        ["complex64"] = 64,
        ["complex128"] = 128,
        ["float8_e4m3fn"] = 8,
        ["float8_e4m3fnuz"] = 8,
        ["float8_e5m2"] = 8,
        ["float8_e5m2fnuz"] = 8,
        ["float8_e8m0fnu"] = 8,
        ["float6_e2m3fn"] = 6,
        ["float6_e3m2fn"] = 6,
        ["float4_e2m1fn"] = 4,
    };

    /// <summary>Gives the width of one element in bits, or null for a type that is not element by element.</summary>
    internal static int? Bits(string dataType) => s_bits.TryGetValue(dataType, out int bits) ? bits : null;

    /// <summary>Counts the bytes of a tensor; false when a product overflows or the elements do not fill whole bytes.</summary>
    internal static bool TryCountBytes(int bits, ReadOnlySpan<long> shape, out long count, out long bytes)
    {
        count = 1;
        bytes = 0;
        foreach (long size in shape)
        {
            if (size < 0 || (size != 0 && count > long.MaxValue / size))
            {
                return false;
            }

            count *= size;
        }

        if (count > long.MaxValue / bits || (count * bits) % 8 != 0)
        {
            return false;
        }

        bytes = count * bits / 8;
        return true;
    }
}
