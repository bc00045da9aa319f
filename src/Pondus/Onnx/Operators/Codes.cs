using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>The values of floats so small that a table holds them all.</summary>
internal static class Codes
{
    private static readonly Dictionary<OnnxType, float[]> s_values = new[]
    {
        OnnxType.Float8E4M3FN, OnnxType.Float8E4M3FNUZ, OnnxType.Float8E5M2, OnnxType.Float8E5M2FNUZ, OnnxType.Float8E8M0,
    }.ToDictionary(static type => type, Decode);

    /// <summary>The values of 4-bit floats: sign, two bits of exponent, one of mantissa.</summary>
    public static float[] Float4 { get; } = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>The values of the 256 codes of an 8-bit float, or null for other types.</summary>
    public static float[]? Of(OnnxType type) => s_values.GetValueOrDefault(type);

    /// <summary>The code nearest to a value, of two the even one; beyond the largest the largest.</summary>
    public static byte Nearest(float[] values, double value)
    {
        int best = -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(value) ? float.IsNaN(values[i]) : float.IsFinite(values[i]) && IsBetter(values, value, i, best))
            {
                best = i;
            }
        }

        return (byte)Math.Max(best, 0);
    }

    private static bool IsBetter(float[] values, double value, int candidate, int best)
    {
        if (best < 0)
        {
            return true;
        }

        double distance = Math.Abs(values[candidate] - value), least = Math.Abs(values[best] - value);
        bool isSameSign = double.IsNegative(value) == float.IsNegative(values[candidate]);
        return distance < least || (distance == least && (values[candidate] == values[best] ? isSameSign : candidate % 2 == 0));
    }

    private static float[] Decode(OnnxType type)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(static code => (byte)code)];
        float[] values = new float[256];
        SingleConversion.Convert(OnnxTypes.Name(type), codes, values);
        return values;
    }
}
