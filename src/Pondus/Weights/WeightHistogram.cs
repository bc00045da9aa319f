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
        long[] counts = new long[bins];
        // Halves, since the difference of two float64 may overflow.
        double perUnit = bins / 2.0 / ((max / 2) - (min / 2));
        for (long index = 0; index < layout.Chunks; index++)
        {
            if (!TryRead(entry, layout.At(index), scratch, out Span<double> values))
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

    /// <summary>Reads the first values of a tensor.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="count">How many, at most.</param>
    /// <returns>The values; none when the type has no real ones.</returns>
    public static IReadOnlyList<double> FirstValues(WeightEntry entry, int count)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (WeightTypes.Layout(entry.DataType) is not { } known || entry.Count == 0)
        {
            return [];
        }

        return TryRead(entry, new StatisticsLayout(entry, known).At(0), new InspectionScratch(), out Span<double> values)
            ? values[..Math.Min(count, values.Length)].ToArray()
            : [];
    }

    private static bool TryRead(WeightEntry entry, in StatisticsLayout.Chunk chunk, InspectionScratch scratch, out Span<double> values)
    {
        values = scratch.Doubles.AsSpan(0, chunk.Elements);
        Span<byte> bytes = scratch.Bytes.AsSpan(0, chunk.Bytes);
        entry.Read(chunk.Offset, bytes);
        return WeightValues.Decode(entry.DataType, bytes, values);
    }
}
