using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Pondus.Formats.Blocks;

/// <summary>Steps that the decoders share: sixteen small codes become sixteen float32.</summary>
internal static class BlockVectors
{
    /// <summary>Codes that the steps take at a time.</summary>
    internal const int Width = 16;

    /// <summary>Reads a float16.</summary>
    internal static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Writes code * scale.</summary>
    internal static void Scale(Vector128<sbyte> codes, float scale, Span<float> values)
    {
        (Vector256<float> lower, Vector256<float> upper) = Widen(codes);
        Vector256<float> factor = Vector256.Create(scale);
        (lower * factor).CopyTo(values);
        (upper * factor).CopyTo(values[8..]);
    }

    /// <summary>Writes code * scale + offset, rounded twice: a fused product would give other bits.</summary>
    internal static void Scale(Vector128<sbyte> codes, float scale, float offset, Span<float> values)
    {
        (Vector256<float> lower, Vector256<float> upper) = Widen(codes);
        Vector256<float> factor = Vector256.Create(scale), term = Vector256.Create(offset);
        ((lower * factor) + term).CopyTo(values);
        ((upper * factor) + term).CopyTo(values[8..]);
    }

    /// <summary>Writes eight numbers * scale, negated where a bit of the signs is set.</summary>
    internal static void Signed(Vector256<float> numbers, float scale, byte signs, Span<float> values)
    {
        Vector256<int> bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        Vector256<int> negative = Vector256.Equals(Vector256.Create((int)signs) & bits, bits) & Vector256.Create(int.MinValue);
        ((numbers * Vector256.Create(scale)).AsInt32() ^ negative).AsSingle().CopyTo(values);
    }

    private static (Vector256<float> Lower, Vector256<float> Upper) Widen(Vector128<sbyte> codes)
    {
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(codes);
        (Vector128<int> a, Vector128<int> b) = Vector128.Widen(lower);
        (Vector128<int> c, Vector128<int> d) = Vector128.Widen(upper);
        return (Vector256.ConvertToSingle(Vector256.Create(a, b)), Vector256.ConvertToSingle(Vector256.Create(c, d)));
    }
}
