namespace Pondus.Onnx;

/// <summary>A bfloat16: the upper half of a float32.</summary>
/// <param name="Bits">The 16 bits.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Widens a value; nothing is lost.</summary>
    /// <param name="value">The value.</param>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Rounds a float32 to the nearest, ties to even.</summary>
    /// <param name="value">The value.</param>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        // A NaN whose set bits are all in the lower half must not become infinity.
        return float.IsNaN(value)
            ? new BFloat16((ushort)((bits >> 16) | 0x40))
            : new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Prints the value.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => ((float)this).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
