namespace Pondus.Formats;

/// <summary>The element types of weights files, named as NumPy and ml_dtypes name them, GGUF's blocks by GGUF's names, and their sizes.</summary>
internal static class WeightTypes
{
    private static readonly Dictionary<string, WeightLayout> s_layouts = new(StringComparer.Ordinal)
    {
        ["bool"] = new(1, 1),
        ["uint8"] = new(1, 1),
        ["int8"] = new(1, 1),
        ["uint16"] = new(1, 2),
        ["int16"] = new(1, 2),
        ["uint32"] = new(1, 4),
        ["int32"] = new(1, 4),
        ["uint64"] = new(1, 8),
        ["int64"] = new(1, 8),
        ["float16"] = new(1, 2),
        ["bfloat16"] = new(1, 2),
        ["float32"] = new(1, 4),
        ["float64"] = new(1, 8),
        ["complex32"] = new(1, 4),
        ["complex64"] = new(1, 8),
        ["complex128"] = new(1, 16),
        ["float8_e4m3fn"] = new(1, 1),
        ["float8_e4m3fnuz"] = new(1, 1),
        ["float8_e5m2"] = new(1, 1),
        ["float8_e5m2fnuz"] = new(1, 1),
        ["float8_e8m0fnu"] = new(1, 1),
        ["float6_e2m3fn"] = new(4, 3),
        ["float6_e3m2fn"] = new(4, 3),
        ["float4_e2m1fn"] = new(2, 1),
        ["int4"] = new(2, 1),
        ["uint4"] = new(2, 1),
        ["int2"] = new(4, 1),
        ["uint2"] = new(4, 1),
        ["q4_0"] = new(32, 18),
        ["q4_1"] = new(32, 20),
        ["q5_0"] = new(32, 22),
        ["q5_1"] = new(32, 24),
        ["q8_0"] = new(32, 34),
        ["q8_1"] = new(32, 40),
        ["q2_k"] = new(256, 84),
        ["q3_k"] = new(256, 110),
        ["q4_k"] = new(256, 144),
        ["q5_k"] = new(256, 176),
        ["q6_k"] = new(256, 210),
        ["q8_k"] = new(256, 292),
        ["iq1_s"] = new(256, 50),
        ["iq1_m"] = new(256, 56),
        ["iq2_xxs"] = new(256, 66),
        ["iq2_xs"] = new(256, 74),
        ["iq2_s"] = new(256, 82),
        ["iq3_xxs"] = new(256, 98),
        ["iq3_s"] = new(256, 110),
        ["iq4_nl"] = new(32, 18),
        ["iq4_xs"] = new(256, 136),
        ["tq1_0"] = new(256, 54),
        ["tq2_0"] = new(256, 66),
        ["mxfp4"] = new(32, 17),
        ["nvfp4"] = new(64, 36),
        ["q1_0"] = new(128, 18),
    };

    /// <summary>The names of all types.</summary>
    internal static IReadOnlyCollection<string> All => s_layouts.Keys;

    /// <summary>Gives the elements and bytes of one block, or null for a type that is not known.</summary>
    internal static WeightLayout? Layout(string dataType) => s_layouts.TryGetValue(dataType, out WeightLayout layout) ? layout : null;

    /// <summary>Counts the elements; false when the product overflows or a size is negative.</summary>
    internal static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        foreach (long size in shape)
        {
            if (size < 0 || (size != 0 && count > long.MaxValue / size))
            {
                return false;
            }

            count *= size;
        }

        return true;
    }

    /// <summary>Counts the bytes of a tensor; false when a product overflows or the elements do not fill whole blocks.
    /// Padded, the last byte of elements smaller than a byte may have unused bits.</summary>
    internal static bool TryCountBytes(WeightLayout layout, ReadOnlySpan<long> shape, out long bytes, bool padded = false)
    {
        bytes = 0;
        // The limit is in bits, so that no count of bits overflows either.
        if (!TryCount(shape, out long count) || count / layout.Elements > (long.MaxValue / 8 / layout.Bytes) - 1)
        {
            return false;
        }

        long rest = count % layout.Elements;
        bytes = count / layout.Elements * layout.Bytes;
        if (rest != 0 && padded && layout.Bytes == 1)
        {
            bytes++;
            return true;
        }

        return rest == 0;
    }
}
