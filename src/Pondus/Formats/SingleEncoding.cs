using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pondus.Formats;

/// <summary>Turns float32 into the little-endian bytes of any type with real values: to nearest, of two as near to the even one.</summary>
/// <remarks>
/// <para>What is too large becomes infinite in float16, bfloat16 and float8_e5m2, not a number in the fnuz types and
/// float8_e8m0fnu, and the largest number in float8_e4m3fn, 6 and 4 bits and the integers. What is not a number stays so;
/// it becomes 0 where the type has none, and true in bool. float8_e8m0fnu has no sign and no zero: the magnitude's exponent
/// is kept, rounded half up.</para>
/// <para>As <c>Tensor.to</c> of PyTorch 2.13, but for integers: there that cuts fractions off and wraps around.</para>
/// </remarks>
internal static class SingleEncoding
{
    /// <summary>Says whether there are bytes of a type to be had.</summary>
    internal static bool CanEncode(string dataType) => Encoder(dataType) is not null;

    /// <summary>Encodes values; their number must fill whole blocks of the type.</summary>
    /// <param name="dataType">The type.</param>
    /// <param name="values">The values.</param>
    /// <param name="bytes">Receives the bytes.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="NotSupportedException">The type is none that values can be given to.</exception>
    internal static int Encode(string dataType, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Func<float, ulong> encode = Encoder(dataType) ?? throw new NotSupportedException($"SingleEncoding: expected a type with real values, got {dataType}.");
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        Debug.Assert(values.Length % layout.Elements == 0, "The values must fill whole blocks.");
        int count = values.Length / layout.Elements * layout.Bytes;
        bytes = bytes[..count];
        if (dataType is "float32" && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
        }
        else if (dataType is "bfloat16")
        {
            ToBrain(values, bytes);
        }
        else if (layout.Elements > 1)
        {
            Pack(encode, 8 * layout.Bytes / layout.Elements, values, bytes);
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                Write(encode(values[i]), bytes.Slice(i * layout.Bytes, layout.Bytes));
            }
        }

        return count;
    }

    /// <summary>The code of a value, in the lowest bits.</summary>
    private static Func<float, ulong>? Encoder(string dataType) => dataType switch
    {
        "float32" => static value => BitConverter.SingleToUInt32Bits(value),
        "float16" => static value => BitConverter.HalfToUInt16Bits((Half)value),
        "bfloat16" => static value => Brain(value),
        "float64" => static value => BitConverter.DoubleToUInt64Bits(value),
        "bool" => static value => value == 0f ? 0ul : 1ul,
        "uint8" => static value => Unsigned(value, 8),
        "uint16" => static value => Unsigned(value, 16),
        "uint32" => static value => Unsigned(value, 32),
        "uint64" => static value => Unsigned(value, 64),
        "int8" => static value => Signed(value, 8),
        "int16" => static value => Signed(value, 16),
        "int32" => static value => Signed(value, 32),
        "int64" => static value => Signed(value, 64),
        "int4" => static value => Signed(value, 4),
        "uint4" => static value => Unsigned(value, 4),
        "int2" => static value => Signed(value, 2),
        "uint2" => static value => Unsigned(value, 2),
        "float8_e8m0fnu" => static value => Exponent(value),
        _ => SmallFloat.Find(dataType) is { } type ? value => (ulong)type.Encode(value) : null,
    };

    private static void Write(ulong code, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(code >> (8 * i));
        }
    }

    private static void Pack(Func<float, ulong> encode, int bits, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        ulong waiting = 0, mask = (1ul << bits) - 1;
        int waitingBits = 0, at = 0;
        foreach (float value in values)
        {
            waiting |= (encode(value) & mask) << waitingBits;
            waitingBits += bits;
            while (waitingBits >= 8)
            {
                bytes[at++] = (byte)waiting;
                waiting >>= 8;
                waitingBits -= 8;
            }
        }
    }

    // A float as the bound: 2^63 and 2^64 are the first that do not fit, and a cast of those saturates.
    private static ulong Signed(float value, int bits)
    {
        double bound = Math.ScaleB(1, bits - 1), rounded = Math.Round((double)value, MidpointRounding.ToEven);
        return double.IsNaN(rounded) ? 0
            : rounded >= bound ? (1ul << (bits - 1)) - 1
            : (ulong)(long)Math.Max(rounded, -bound);
    }

    private static ulong Unsigned(float value, int bits)
    {
        double rounded = Math.Round((double)value, MidpointRounding.ToEven);
        return double.IsNaN(rounded) || rounded <= 0 ? 0
            : rounded >= Math.ScaleB(1, bits) ? ulong.MaxValue >> (64 - bits)
            : (ulong)rounded;
    }

    private static ulong Exponent(float value)
    {
        const int mantissaBits = 23;
        const uint half = 1u << (mantissaBits - 1), largest = 0xFF;
        uint bits = BitConverter.SingleToUInt32Bits(value) & int.MaxValue;
        uint exponent = bits >> mantissaBits;
        // 2^-127 is half a mantissa without a leading one: that is no tie.
        bool roundsUp = (bits & half) != 0 && (exponent != 0 || (bits & (half - 1)) != 0);
        return exponent < largest && roundsUp ? exponent + 1 : exponent;
    }

    private static ushort Brain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static void ToBrain(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                Vector256.Narrow(Brains(Vector256.Create(values[i..])), Brains(Vector256.Create(values[(i + Vector256<float>.Count)..]))).CopyTo(halves[i..]);
            }
        }

        for (; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], Brain(values[i]));
        }
    }

    private static Vector256<uint> Brains(Vector256<float> values)
    {
        Vector256<uint> bits = values.AsUInt32();
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        return Vector256.ConditionalSelect(Vector256.IsNaN(values).AsUInt32(), Vector256.Create(0x7FC0u), rounded);
    }
}
