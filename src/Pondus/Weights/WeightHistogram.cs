using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>An exact histogram of a tensor: equal bins over a range, counted in a pass of its own.</summary>
/// <param name="Min">Left edge of the first bin.</param>
/// <param name="Max">Right edge of the last bin, which belongs to it.</param>
/// <param name="Counts">How many finite values each bin holds.</param>
public sealed record WeightHistogram(double Min, double Max, IReadOnlyList<long> Counts)
{
    /// <summary>Counts the finite values of a tensor; those outside the range are left out.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="min">Left edge of the first bin.</param>
    /// <param name="max">Right edge of the last bin.</param>
    /// <param name="bins">The number of bins.</param>
    /// <returns>The histogram; null when the type has no real values or the range is none.</returns>
    public static WeightHistogram? Of(WeightEntry entry, double min, double max, int bins)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        WeightLayout? known = WeightTypes.Layout(entry.DataType);
        if (known is null || !double.IsFinite(min) || !double.IsFinite(max) || min > max)
        {
            return null;
        }

        StatisticsLayout layout = new(entry, known);
        InspectionScratch scratch = new();
        byte[] bytes = new byte[StatisticsLayout.ChunkBytes];
        long[] counts = new long[bins];
        // Halves, since the difference of two float64 may overflow.
        double perUnit = bins / 2.0 / ((max / 2) - (min / 2));
        for (long index = 0; index < layout.Chunks; index++)
        {
            StatisticsLayout.Chunk chunk = layout.At(index);
            Span<byte> part = bytes.AsSpan(0, chunk.Bytes);
            entry.Read(chunk.Offset, part);
            Span<double> values = scratch.Doubles.AsSpan(0, chunk.Elements);
            if (StatisticsDecoder.IsWide(entry.DataType))
            {
                StatisticsDecoder.DecodeWide(entry.DataType, part, values);
            }
            else if (StatisticsDecoder.TryDecode(entry.DataType, part, scratch.Singles, out ReadOnlySpan<float> singles))
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = singles[i];
                }
            }
            else
            {
                return null;
            }

            foreach (double value in values)
            {
                if (value >= min && value <= max)
                {
                    counts[double.IsFinite(perUnit) ? (int)Math.Min(bins - 1, (value - min) * perUnit) : bins / 2]++;
                }
            }
        }

        return new WeightHistogram(min, max, counts);
    }
}
