using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Where the so-many smallest magnitudes of tensors end: exactly, by counting digits, without holding the values.</summary>
/// <param name="Key">Magnitudes with smaller keys are among them.</param>
/// <param name="Ties">So many of those with this key are, too.</param>
internal readonly record struct MagnitudeThreshold(ulong Key, long Ties)
{
    private const int DigitBits = 16;
    private const int Buckets = 1 << DigitBits;

    /// <summary>A magnitude as a number that orders alike; NaN comes last.</summary>
    public static ulong KeyOf(double value) => BitConverter.DoubleToUInt64Bits(value) & long.MaxValue;

    /// <summary>Finds the threshold of the smallest.</summary>
    /// <param name="entries">The tensors.</param>
    /// <param name="count">How many, at most as many as there are.</param>
    public static MagnitudeThreshold Find(IReadOnlyList<WeightEntry> entries, long count)
    {
        ulong prefix = 0;
        for (int shift = 64 - DigitBits; ; shift -= DigitBits)
        {
            long[] counts = new long[Buckets];
            foreach (WeightEntry entry in entries)
            {
                Count(entry, prefix, shift, counts);
            }

            int digit = 0;
            while (count >= counts[digit] && digit < Buckets - 1)
            {
                count -= counts[digit++];
            }

            prefix = (prefix << DigitBits) | (uint)digit;
            if (shift == 0)
            {
                return new MagnitudeThreshold(prefix, count);
            }
        }
    }

    private static void Count(WeightEntry entry, ulong prefix, int shift, long[] counts)
    {
        double[] part = new double[Math.Min(entry.Count, WeightValues.PartElements)];
        for (long at = 0; at < entry.Count; at += part.Length)
        {
            Span<double> values = part.AsSpan(0, (int)Math.Min(part.Length, entry.Count - at));
            WeightValues.Read(entry, at, values);
            foreach (double value in values)
            {
                ulong key = KeyOf(value);
                if (shift == 64 - DigitBits || key >> (shift + DigitBits) == prefix)
                {
                    counts[(key >> shift) & (Buckets - 1)]++;
                }
            }
        }
    }
}
