using System.Runtime.InteropServices;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Compares one pair of tensors.</summary>
internal static class DifferenceJob
{
    public static TensorDifference Compare(TensorMatch match, DifferenceOptions options)
    {
        TensorDifference difference = new() { Match = match, DataTypes = [match.First.DataType, match.Second.DataType], Count = match.First.Count };
        (WeightEntry a, WeightEntry b) = (match.First, match.Second);
        if (a.Count != b.Count)
        {
            return difference with { Obstacle = $"sizes ({string.Join(", ", a.Shape.ToArray())}) and ({string.Join(", ", b.Shape.ToArray())})" };
        }

        if (match.Axes is null && a.DataType == b.DataType && HaveEqualBytes(a, b))
        {
            difference = difference with { HasEqualBits = a.Shape.SequenceEqual(b.Shape) };
        }

        if (!WeightValues.AreReal(a) || !WeightValues.AreReal(b))
        {
            return difference with { HasEqualValues = difference.HasEqualBits, Obstacle = $"types {a.DataType} and {b.DataType}" };
        }

        if (match.Axes is { } axes)
        {
            a = Whole(a, axes);
        }

        return Measure(difference, a, b, options);
    }

    private static TensorDifference Measure(TensorDifference difference, WeightEntry a, WeightEntry b, DifferenceOptions options)
    {
        DifferenceSums sums = new();
        // Every so-many-th value: all of them where they fit.
        long step = Math.Max(1, (a.Count + options.DistributionLimit - 1) / options.DistributionLimit);
        List<double> keptA = new((int)(a.Count / step) + 1), keptB = new((int)(a.Count / step) + 1);
        double[] partA = new double[Math.Min(a.Count, WeightValues.PartElements)], partB = new double[partA.Length];
        for (long at = 0; at < a.Count; at += partA.Length)
        {
            int count = (int)Math.Min(partA.Length, a.Count - at);
            Span<double> x = partA.AsSpan(0, count), y = partB.AsSpan(0, count);
            WeightValues.Read(a, at, x);
            WeightValues.Read(b, at, y);
            sums.Add(x, y);
            for (int i = (int)((step - (at % step)) % step); i < count; i += (int)Math.Min(step, int.MaxValue / 2))
            {
                if (double.IsFinite(x[i]) && double.IsFinite(y[i]))
                {
                    keptA.Add(x[i]);
                    keptB.Add(y[i]);
                }
            }
        }

        bool areEqual = sums.EqualCount == sums.Count;
        difference = difference with
        {
            HasEqualValues = areEqual,
            NonFinite = sums.NonFinite,
            EqualCount = sums.EqualCount,
            Max = sums.Count > sums.NonFinite ? sums.Max : null,
            Mean = sums.Mean,
            RootMeanSquare = sums.RootMeanSquare,
            Relative = sums.Relative,
            SignalToNoise = sums.SignalToNoise,
            Cosine = sums.Cosine,
            Pearson = sums.Pearson,
            SignChanges = sums.SignChanges,
            ZeroedCount = sums.ZeroedCount,
            Sampled = keptA.Count,
        };
        if (areEqual)
        {
            // Nothing that follows could tell the two apart.
            double? none = keptA.Count > 0 ? 0 : null;
            return difference with
            {
                Wasserstein = none,
                KolmogorovSmirnov = none,
                KolmogorovSmirnovProbability = none is null ? null : 1,
                KullbackLeibler = none,
                KullbackLeiblerBack = none,
                JensenShannon = none,
            };
        }

        RowSimilarity? rows = options.ComparesRows && sums.NonFinite == 0 ? CompareRows(a, b, step == 1 ? (keptA, keptB) : null, options.RowWork) : null;
        return Distributions(difference, a, b, keptA, keptB) with { Rows = rows };
    }

    private static TensorDifference Distributions(TensorDifference difference, WeightEntry a, WeightEntry b, List<double> keptA, List<double> keptB)
    {
        if (keptA.Count == 0)
        {
            return difference;
        }

        bool isWhole = keptA.Count == difference.Count;
        // Before they are sorted.
        bool rowsArePermuted = isWhole && HaveEqualRows(keptA, keptB, RowCount(a));
        DistributionDistance distance = new(CollectionsMarshal.AsSpan(keptA), CollectionsMarshal.AsSpan(keptB));
        bool isRearranged = isWhole && distance.Wasserstein == 0 && difference.Count > 1 && b.Count == a.Count;
        return difference with
        {
            Rearrangement = !isRearranged ? null : rowsArePermuted ? "rows permuted" : "values in another order",
            Wasserstein = distance.Wasserstein,
            KolmogorovSmirnov = distance.KolmogorovSmirnov,
            KolmogorovSmirnovProbability = distance.Probability,
            KullbackLeibler = distance.KullbackLeibler,
            KullbackLeiblerBack = distance.KullbackLeiblerBack,
            JensenShannon = distance.JensenShannon,
        };
    }

    // Axes of size 1 in front, as ONNX has them for the directions of recurrent layers, are no rows. Fewer than two: a vector.
    private static long RowCount(WeightEntry entry)
    {
        long[] sizes = [.. entry.Shape.ToArray().Where(static size => size != 1)];
        return sizes.Length < 2 ? 1 : sizes[0];
    }

    private static bool HaveEqualRows(List<double> a, List<double> b, long rows)
    {
        if (rows < 2)
        {
            return false;
        }

        int width = (int)(a.Count / rows);
        ulong[] printsA = new ulong[rows], printsB = new ulong[rows];
        for (int i = 0; i < a.Count; i++)
        {
            int row = i / width;
            // The place within the row counts.
            printsA[row] = (printsA[row] * 31) + ValueFingerprint.Of(a[i]);
            printsB[row] = (printsB[row] * 31) + ValueFingerprint.Of(b[i]);
        }

        Array.Sort(printsA);
        Array.Sort(printsB);
        return printsA.AsSpan().SequenceEqual(printsB);
    }

    private static RowSimilarity? CompareRows(WeightEntry a, WeightEntry b, (List<double> A, List<double> B)? whole, long work)
    {
        long all = RowCount(a);
        if (all < 2 || a.Count == 0 || a.Count / all > int.MaxValue)
        {
            return null;
        }

        int width = (int)(a.Count / all);
        long rows = RowsWithin(all, width, work);
        if (rows < 2)
        {
            return null;
        }

        if (whole is var (x, y) && rows == all)
        {
            return MatrixSimilarity.Compare(CollectionsMarshal.AsSpan(x), CollectionsMarshal.AsSpan(y), (int)rows, width);
        }

        if (width % (WeightTypes.Layout(a.DataType)!.Value.Elements) != 0 || width % (WeightTypes.Layout(b.DataType)!.Value.Elements) != 0)
        {
            return null;
        }

        double[] rowsA = new double[rows * width], rowsB = new double[rows * width];
        for (long i = 0; i < rows; i++)
        {
            long row = i * all / rows;
            WeightValues.Read(a, row * width, rowsA.AsSpan((int)(i * width), width));
            WeightValues.Read(b, row * width, rowsB.AsSpan((int)(i * width), width));
        }

        return MatrixSimilarity.Compare(rowsA, rowsB, (int)rows, width);
    }

    // The products take rows x width x the smaller of both.
    private static long RowsWithin(long rows, long width, long work)
    {
        const long memory = 1 << 20;
        long byMemory = memory / width;
        long limit = Math.Min(rows, byMemory);
        return limit * width * Math.Min(limit, width) <= work ? limit : Math.Max((long)Math.Sqrt(work / (double)width), work / width / width);
    }

    // Elements are moved as they are stored; blocks must be decoded first.
    private static WeightEntry Whole(WeightEntry entry, IReadOnlyList<int> axes)
    {
        if (WeightTypes.Layout(entry.DataType) is { Elements: > 1 })
        {
            entry = CastEntry.Of(entry, entry.Name, "float32");
        }

        WeightEntry turned = TensorLayout.Permute(entry, axes);
        return new WeightEntry(turned.Name, turned.DataType, turned.Shape, turned.ReadBytes());
    }

    private static bool HaveEqualBytes(WeightEntry a, WeightEntry b)
    {
        const int partBytes = 1 << 18;
        byte[] partA = new byte[Math.Min(a.ByteCount, partBytes)], partB = new byte[partA.Length];
        for (long at = 0; at < a.ByteCount; at += partA.Length)
        {
            int count = (int)Math.Min(partA.Length, a.ByteCount - at);
            a.Read(at, partA.AsSpan(0, count));
            b.Read(at, partB.AsSpan(0, count));
            if (!partA.AsSpan(0, count).SequenceEqual(partB.AsSpan(0, count)))
            {
                return false;
            }
        }

        return true;
    }
}
