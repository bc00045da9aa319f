using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pondus.Formats.Blocks;

namespace Pondus.Formats;

/// <summary>Turns the little-endian bytes of any type with real values, and of GGUF's blocks, into float32; what float32 cannot hold is rounded to nearest.</summary>
/// <remarks>Elements smaller than a byte lie with the first in the lowest bits; 6-bit ones are four in three bytes.</remarks>
internal static class SingleConversion
{
    /// <summary>Converts whole blocks and gives the number of elements; null when the type has no real values or is not known.</summary>
    internal static int? Convert(string dataType, ReadOnlySpan<byte> bytes, Span<float> values) => dataType switch
    {
        "float32" => FromNumbers<float>(bytes, values),
        "float16" => FromHalf(bytes, values),
        "bfloat16" => FromBrain(bytes, values),
        "float64" => FromNumbers<double>(bytes, values),
        "bool" => FromTable(s_truths, bytes, values),
        "uint8" => FromNumbers<byte>(bytes, values),
        "int8" => FromNumbers<sbyte>(bytes, values),
        "uint16" => FromNumbers<ushort>(bytes, values),
        "int16" => FromNumbers<short>(bytes, values),
        "uint32" => FromNumbers<uint>(bytes, values),
        "int32" => FromNumbers<int>(bytes, values),
        "uint64" => FromNumbers<ulong>(bytes, values),
        "int64" => FromNumbers<long>(bytes, values),
        "float8_e8m0fnu" => FromTable(s_powers, bytes, values),
        "int4" => FromPacked(s_int4, 4, bytes, values),
        "uint4" => FromPacked(s_uint4, 4, bytes, values),
        "int2" => FromPacked(s_int2, 2, bytes, values),
        "uint2" => FromPacked(s_uint2, 2, bytes, values),
        _ => SmallFloat.Find(dataType) switch
        {
            null => BlockDecoding.Convert(dataType, bytes, values),
            { Bits: 8 } type => FromTable(type.Values, bytes, values),
            { } type => FromPacked(type.Values, type.Bits, bytes, values),
        },
    };

    private static readonly float[] s_truths = [0f, .. Enumerable.Repeat(1f, byte.MaxValue)];
    private static readonly float[] s_powers = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(static code => code == byte.MaxValue ? float.NaN : MathF.ScaleB(1f, code - 127))];
    private static readonly float[] s_uint4 = [.. Enumerable.Range(0, 16).Select(static code => (float)code)];
    private static readonly float[] s_int4 = [.. Enumerable.Range(0, 16).Select(static code => (float)(code < 8 ? code : code - 16))];
    private static readonly float[] s_uint2 = [.. Enumerable.Range(0, 4).Select(static code => (float)code)];
    private static readonly float[] s_int2 = [.. Enumerable.Range(0, 4).Select(static code => (float)(code < 2 ? code : code - 4))];

    private static int FromNumbers<T>(ReadOnlySpan<byte> bytes, Span<float> values)
        where T : unmanaged, INumberBase<T>
    {
        int size = Unsafe.SizeOf<T>(), count = bytes.Length / size;
        values = values[..count];
        if (BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<T> numbers = MemoryMarshal.Cast<byte, T>(bytes);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = float.CreateTruncating(numbers[i]);
            }

            return count;
        }

        Span<byte> reversed = stackalloc byte[size];
        for (int i = 0; i < values.Length; i++)
        {
            bytes.Slice(i * size, size).CopyTo(reversed);
            reversed.Reverse();
            values[i] = float.CreateTruncating(MemoryMarshal.Read<T>(reversed));
        }

        return count;
    }

    private static int FromTable(float[] table, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        values = values[..bytes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = table[bytes[i]];
        }

        return bytes.Length;
    }

    private static int FromPacked(float[] table, int bits, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (bits == 4 && values.Length >= 2 * bytes.Length)
        {
            return FromPairs(table, bytes, values);
        }

        // The last byte may have bits that belong to no element.
        int count = Math.Min(8 * bytes.Length / bits, values.Length), mask = table.Length - 1, waiting = 0, waitingBits = 0, at = 0;
        values = values[..count];
        for (int i = 0; i < values.Length; i++)
        {
            if (waitingBits < bits)
            {
                waiting |= bytes[at++] << waitingBits;
                waitingBits += 8;
            }

            values[i] = table[waiting & mask];
            waiting >>= bits;
            waitingBits -= bits;
        }

        return count;
    }

    // Both numbers of a byte at once: four times as fast as one after the other.
    private static int FromPairs(float[] table, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        Span<float> all = stackalloc float[2 * (byte.MaxValue + 1)];
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            all[2 * code] = table[code & 0x0F];
            all[(2 * code) + 1] = table[code >> 4];
        }

        ReadOnlySpan<long> pairs = MemoryMarshal.Cast<float, long>(all);
        Span<long> target = MemoryMarshal.Cast<float, long>(values[..(2 * bytes.Length)]);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = pairs[bytes[i]];
        }

        return 2 * bytes.Length;
    }

    // bfloat16 is the upper half of a float32.
    private static int FromBrain(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int count = bytes.Length / sizeof(ushort), i = 0;
        values = values[..count];
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Create(halves[i..]));
                (lower << 16).AsSingle().CopyTo(values[i..]);
                (upper << 16).AsSingle().CopyTo(values[(i + Vector256<float>.Count)..]);
            }
        }

        for (; i < count; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
        }

        return count;
    }

    private static int FromHalf(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int count = bytes.Length / sizeof(ushort), i = 0;
        values = values[..count];
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Create(halves[i..]));
                WidenHalf(lower).CopyTo(values[i..]);
                WidenHalf(upper).CopyTo(values[(i + Vector256<float>.Count)..]);
            }
        }

        for (; i < count; i++)
        {
            values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
        }

        return count;
    }

    /// <summary>Moves exponent and mantissa to their places in a float32 and the exponent's bias from 15 to 127.</summary>
    private static Vector256<float> WidenHalf(Vector256<uint> halves)
    {
        const int shift = 13;
        Vector256<uint> bias = Vector256.Create((127u - 15u) << 23);
        Vector256<uint> magnitude = (halves & Vector256.Create(0x7FFFu)) << shift;
        Vector256<uint> sign = (halves & Vector256.Create(0x8000u)) << 16;
        // Infinite and not a number: the largest exponent stays the largest.
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u << shift)) & bias;
        // Below 2^-14 there is no leading one: it is put there, and its value taken away again, which is exact.
        Vector256<uint> one = bias + Vector256.Create(1u << 23);
        Vector256<float> small = (magnitude + one).AsSingle() - one.AsSingle();
        Vector256<uint> isSmall = Vector256.LessThan(magnitude, Vector256.Create(0x0400u << shift));
        return (Vector256.ConditionalSelect(isSmall, small.AsUInt32(), magnitude + bias + special) | sign).AsSingle();
    }
}
