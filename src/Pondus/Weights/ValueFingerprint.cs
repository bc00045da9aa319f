using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>A number that two tensors share when they hold the same values, whatever the types and the order.</summary>
/// <remarks>The sum, modulo 2^64, of a well-mixed hash of each value. Equal fingerprints are taken for equal values only after a look at them.</remarks>
internal static class ValueFingerprint
{
    /// <summary>Computes it, or null for tensors that say too little to be recognized by: of fewer than four values, or constant.</summary>
    public static ulong? Of(WeightEntry entry)
    {
        const int fewest = 4;
        if (entry.Count < fewest || !WeightValues.AreReal(entry))
        {
            return null;
        }

        double[] part = new double[Math.Min(entry.Count, WeightValues.PartElements)];
        ulong sum = 0;
        double first = double.NaN;
        bool isConstant = true;
        for (long at = 0; at < entry.Count; at += part.Length)
        {
            Span<double> values = part.AsSpan(0, (int)Math.Min(part.Length, entry.Count - at));
            WeightValues.Read(entry, at, values);
            first = at == 0 ? values[0] : first;
            foreach (double value in values)
            {
                isConstant &= value == first;
                sum += Of(value);
            }
        }

        return isConstant ? null : sum;
    }

    /// <summary>The hash of one value: zero as its negative, any NaN as any other.</summary>
    public static ulong Of(double value)
    {
        // The finalizer of splitmix64 (Steele, Lea and Flood 2014).
        ulong bits = value == 0 ? 0 : double.IsNaN(value) ? 0x7FF8_0000_0000_0000 : BitConverter.DoubleToUInt64Bits(value);
        bits += 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }
}
