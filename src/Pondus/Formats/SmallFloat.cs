namespace Pondus.Formats;

/// <summary>A floating-point type of at most 8 bits: sign, exponent, mantissa.</summary>
/// <remarks>
/// <para>value = (-1)^s 2^(e - bias) (1 + m / 2^M), or (-1)^s 2^(1 - bias) m / 2^M where e = 0.</para>
/// <para>Source: Micikevicius et al. 2022, arXiv:2209.05433 (e4m3fn, e5m2); Noune et al. 2022, arXiv:2206.02915 (fnuz);
/// OCP Microscaling Formats 1.0 (6 and 4 bits).</para>
/// </remarks>
/// <param name="ExponentBits">Bits of the exponent.</param>
/// <param name="MantissaBits">Bits of the mantissa.</param>
/// <param name="Bias">What is taken from the exponent.</param>
/// <param name="LargestCode">The code of the largest number, without its sign.</param>
/// <param name="OverflowCode">The code, without a sign, of what is too large; the largest number where the type saturates.</param>
/// <param name="NotANumberCode">The code of a value that is not a number; 0 where the type has none.</param>
/// <param name="HasNegativeZero">Whether -0 is 0 with a sign; else that code means "not a number".</param>
internal sealed record SmallFloat(int ExponentBits, int MantissaBits, int Bias, int LargestCode, int OverflowCode, int NotANumberCode, bool HasNegativeZero = true)
{
    private static readonly Dictionary<string, SmallFloat> s_types = new(StringComparer.Ordinal)
    {
        ["float8_e4m3fn"] = new(4, 3, 7, 0x7E, 0x7E, 0x7F),
        ["float8_e5m2"] = new(5, 2, 15, 0x7B, 0x7C, 0x7F),
        ["float8_e4m3fnuz"] = new(4, 3, 8, 0x7F, 0x80, 0x80, HasNegativeZero: false),
        ["float8_e5m2fnuz"] = new(5, 2, 16, 0x7F, 0x80, 0x80, HasNegativeZero: false),
        ["float6_e2m3fn"] = new(2, 3, 1, 0x1F, 0x1F, 0),
        ["float6_e3m2fn"] = new(3, 2, 3, 0x1F, 0x1F, 0),
        ["float4_e2m1fn"] = new(2, 1, 1, 0x07, 0x07, 0),
    };

    private float[]? _values;

    /// <summary>The bits of an element.</summary>
    public int Bits => 1 + ExponentBits + MantissaBits;

    /// <summary>The values of all codes.</summary>
    public float[] Values => _values ??= [.. Enumerable.Range(0, 1 << Bits).Select(Decode)];

    /// <summary>Gives the type of a name, or null.</summary>
    public static SmallFloat? Find(string dataType) => s_types.GetValueOrDefault(dataType);

    /// <summary>Gives the code of the nearest number, of two as near the even one.</summary>
    public int Encode(float value)
    {
        int sign = float.IsNegative(value) ? 1 << (Bits - 1) : 0;
        if (float.IsNaN(value))
        {
            return HasNegativeZero && NotANumberCode != 0 ? NotANumberCode | sign : NotANumberCode;
        }

        const int singleBias = 127, singleMantissaBits = 23, exponentMask = 0xFF;
        int smallest = 1 - Bias;
        int exponent = Math.Max(((int)(BitConverter.SingleToUInt32Bits(value) >> singleMantissaBits) & exponentMask) - singleBias, smallest);
        // A product with a power of two is exact in double; the sum carries into the exponent by itself.
        double steps = Math.Round(Math.ScaleB(Math.Abs((double)value), MantissaBits - exponent), MidpointRounding.ToEven);
        double code = ((double)(exponent - smallest) * (1 << MantissaBits)) + steps;
        if (code > LargestCode)
        {
            return HasNegativeZero ? OverflowCode | sign : OverflowCode;
        }

        return code == 0 && !HasNegativeZero ? 0 : (int)code | sign;
    }

    private float Decode(int code)
    {
        int signBit = 1 << (Bits - 1), magnitude = code & (signBit - 1);
        if (magnitude > LargestCode || (!HasNegativeZero && code == signBit))
        {
            bool isInfinite = HasNegativeZero && magnitude == OverflowCode;
            return !isInfinite ? float.NaN : code < signBit ? float.PositiveInfinity : float.NegativeInfinity;
        }

        int exponent = magnitude >> MantissaBits, mantissa = magnitude & ((1 << MantissaBits) - 1);
        float value = exponent == 0
            ? MathF.ScaleB(mantissa, 1 - Bias - MantissaBits)
            : MathF.ScaleB(mantissa + (1 << MantissaBits), exponent - Bias - MantissaBits);
        return code < signBit ? value : -value;
    }
}
