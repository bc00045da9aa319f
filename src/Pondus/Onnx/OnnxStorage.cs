using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Which array holds the elements of which type.</summary>
internal static class OnnxStorage
{
    /// <summary>The most elements that an operator makes: a number in a graph must not take all memory.</summary>
    public const int MaxElements = 1 << 27;

    /// <summary>The element type that an array type says.</summary>
    public static OnnxType TypeOf<T>() => Default(typeof(T))
        ?? throw new OnnxException($"OnnxValue: expected float, double, Half, BFloat16, an integer, bool, string or Complex, got {typeof(T).Name}.");

    /// <summary>The array type of an element type, or null for none.</summary>
    public static Type? ElementOf(OnnxType type) => type switch
    {
        OnnxType.Float => typeof(float),
        OnnxType.Double => typeof(double),
        OnnxType.Float16 => typeof(Half),
        OnnxType.BFloat16 => typeof(BFloat16),
        OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 or OnnxType.Float4E2M1 => typeof(byte),
        OnnxType.Float8E4M3FN or OnnxType.Float8E4M3FNUZ or OnnxType.Float8E5M2 or OnnxType.Float8E5M2FNUZ or OnnxType.Float8E8M0 => typeof(byte),
        OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => typeof(sbyte),
        OnnxType.UInt16 => typeof(ushort),
        OnnxType.Int16 => typeof(short),
        OnnxType.UInt32 => typeof(uint),
        OnnxType.Int32 => typeof(int),
        OnnxType.UInt64 => typeof(ulong),
        OnnxType.Int64 => typeof(long),
        OnnxType.Bool => typeof(bool),
        OnnxType.String => typeof(string),
        OnnxType.Complex64 or OnnxType.Complex128 => typeof(Complex),
        _ => null,
    };

    /// <summary>Checks that an array type is the one of an element type.</summary>
    public static void Check<T>(OnnxType type)
    {
        if (ElementOf(type) != typeof(T))
        {
            throw new OnnxException($"OnnxValue: expected the array type of {OnnxTypes.Name(type)}, got {typeof(T).Name}.");
        }
    }

    /// <summary>The number of elements; more than a limit are refused.</summary>
    public static int Count(ReadOnlySpan<int> shape, int limit = MaxElements)
    {
        long count = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count *= size;
            if (count > limit)
            {
                throw new OnnxException($"OnnxValue: expected at most {limit} elements, got ({string.Join(", ", shape.ToArray())}).");
            }
        }

        return (int)count;
    }

    private static OnnxType? Default(Type type)
    {
        for (OnnxType candidate = OnnxType.Float; candidate <= OnnxType.BFloat16; candidate++)
        {
            // Complex128 before Complex64: it is what the array holds.
            if (candidate != OnnxType.Complex64 && ElementOf(candidate) == type)
            {
                return candidate;
            }
        }

        return null;
    }
}
