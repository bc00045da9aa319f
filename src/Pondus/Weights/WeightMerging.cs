using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Makes one set of weights of several that have the same tensors.</summary>
/// <remarks>
/// <para>Formula: average: the sum of x_i / n. Weighted: the sum of w_i x_i over the sum of w_i. Slerp, per tensor as one vector, t the
/// second's share of the weights and a the angle between both: (sin((1 - t) a) x_1 + sin(t a) x_2) / sin(a), straight where they are nearly
/// parallel. Task arithmetic: b + scale * the sum of w_i (x_i - b).</para>
/// <para>Computed in float64 and rounded once, to the type that the first file (in task arithmetic the base) has. Whole numbers are taken
/// from that file. One tensor at a time is in memory.</para>
/// </remarks>
public static class WeightMerging
{
    /// <summary>Merges files.</summary>
    /// <param name="files">The open files, two or more; in task arithmetic one is enough.</param>
    /// <param name="target">The file to write; its folder must exist.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it early; the target is then as it was.</param>
    /// <returns>How the result differs from each file.</returns>
    /// <exception cref="ArgumentException">The files have not the same tensors (all are named), or the options do not fit.</exception>
    /// <exception cref="NotSupportedException">A type cannot be written.</exception>
    /// <exception cref="IOException">The target is one of the files, or cannot be written.</exception>
    public static MergingReport Merge(
        IReadOnlyList<WeightFile> files, string target, MergingOptions options, IProgress<WeightProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(options);
        double[] weights = CheckOptions(files, options);
        IWeightFormat format = WeightTarget.FormatOf(target, options.Format);
        WeightFile[] parents = options.Base is null ? [.. files] : [options.Base, .. files];
        WeightTarget.RefuseOverwriting(target, [.. parents.Select(static file => file.Path)]);
        IReadOnlyList<WeightEntry>[] entries = [.. parents.Select(static file => QuantizedTensors.Restored(file.Entries, file.Metadata))];
        WeightEntry[][] rows = Align(parents, entries);
        WeightEntry[] merged = [.. rows.Select(row => Merge(row, weights, options))];
        WeightTarget.RefuseTypes(target, format, merged, asked: null);

        ErrorSums[] sums = [.. files.Select(static _ => new ErrorSums())];
        List<IReadOnlyList<TensorError>> tensors = [];
        long done = 0, total = merged.Sum(static entry => entry.ByteCount);
        foreach ((WeightEntry[] row, WeightEntry entry) in rows.Zip(merged))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsMerged(row[0]))
            {
                WeightEntry result = new(entry.Name, entry.DataType, entry.Shape, entry.ReadBytes());
                WeightEntry[] own = options.Base is null ? row : row[1..];
                tensors.Add([.. own.Select(parent => TensorError.Measure(parent, result))]);
                foreach ((ErrorSums sum, WeightEntry parent) in sums.Zip(own))
                {
                    sum.Add(parent, result);
                }
            }

            done += entry.ByteCount;
            progress?.Report(new WeightProgress("merging", done, total));
        }

        (WeightFile, string)[] lineage = [.. parents.Select(static file => (file, WeightDigest.Compute(file.Entries)))];
        Dictionary<string, string> metadata = WeightTarget.Lineage(parents[0].Metadata, "pondus.merged_from", lineage);
        metadata.Remove(QuantizedTensors.MetadataKey);
        metadata["pondus.merge"] = Describe(options, weights);
        string path = WeightTarget.Save(format, target, merged, metadata, parents[0], 0, progress, cancellationToken);
        return new MergingReport(
            path,
            [.. sums.Zip(files).Select(static pair => pair.First.ToError(pair.Second.Path, pair.Second.Format, "merged"))],
            tensors,
            [.. rows.Where(static row => !IsMerged(row[0])).Select(static row => row[0].Name)]);
    }

    private static bool IsMerged(WeightEntry entry) => WeightEncoding.IsFloating(entry.DataType);

    private static string Describe(MergingOptions options, double[] weights) => options.Method switch
    {
        MergeMethod.Average => "average",
        MergeMethod.Weighted => $"weighted {string.Join(' ', weights)}",
        MergeMethod.Slerp => $"slerp t={weights[1]}",
        _ => $"task arithmetic, first is the base, weights {string.Join(' ', weights)}, scale {options.Scale}",
    };

    // Gives the weights as they are used.
    private static double[] CheckOptions(IReadOnlyList<WeightFile> files, MergingOptions options)
    {
        bool isTask = options.Method == MergeMethod.TaskArithmetic;
        int fewest = isTask ? 1 : 2;
        if (files.Count < fewest)
        {
            throw new ArgumentException($"merge: expected at least {fewest} files, got {files.Count}.", nameof(files));
        }

        if (options.Method == MergeMethod.Slerp && files.Count != 2)
        {
            throw new ArgumentException($"merge: expected two files for slerp, got {files.Count}.", nameof(files));
        }

        if (isTask != options.Base is not null)
        {
            throw new ArgumentException(isTask ? "merge: expected a base for task arithmetic, got none. Name the file with --base." : "merge: expected a base in task arithmetic only.", nameof(options));
        }

        if (options.Weights.Count > 0 && (options.Weights.Count != files.Count || !options.Weights.All(double.IsFinite)))
        {
            throw new ArgumentException($"merge: expected one finite weight for each of {files.Count} files, got {string.Join(' ', options.Weights)}.", nameof(options));
        }

        if (options.Method == MergeMethod.Weighted && options.Weights.Count == 0)
        {
            throw new ArgumentException($"merge: expected a weight for each of {files.Count} files, got none. Name them with --weights.", nameof(options));
        }

        if (options.Method == MergeMethod.Average && options.Weights.Count > 0)
        {
            throw new ArgumentException("merge: expected no weights for the average, got some. Use --method weighted.", nameof(options));
        }

        double[] weights = options.Weights.Count > 0 ? [.. options.Weights] : [.. files.Select(static _ => 1.0)];
        double sum = weights.Sum();
        if (!isTask && !(Math.Abs(sum) > 0))
        {
            throw new ArgumentException($"merge: expected weights with a sum other than 0, got {string.Join(' ', weights)}.", nameof(options));
        }

        return isTask ? weights : [.. weights.Select(weight => weight / sum)];
    }

    // One row a tensor, one column a file; whatever does not fit is named at once.
    private static WeightEntry[][] Align(WeightFile[] files, IReadOnlyList<WeightEntry>[] entries)
    {
        Dictionary<string, WeightEntry>[] byName = [.. entries.Select(static list => list.ToDictionary(static entry => entry.Name, StringComparer.Ordinal))];
        List<string> problems = [];
        for (int i = 1; i < files.Length; i++)
        {
            string[] missing = [.. byName[0].Keys.Where(name => !byName[i].ContainsKey(name))], more = [.. byName[i].Keys.Where(name => !byName[0].ContainsKey(name))];
            if (missing.Length > 0)
            {
                problems.Add($"{files[i].Path} has no {string.Join(", ", missing)}");
            }

            if (more.Length > 0)
            {
                problems.Add($"{files[0].Path} has no {string.Join(", ", more)}");
            }

            problems.AddRange(entries[0]
                .Where(entry => byName[i].TryGetValue(entry.Name, out WeightEntry? other) && !other.Shape.SequenceEqual(entry.Shape))
                .Select(entry => $"{entry.Name} is ({string.Join(", ", entry.Shape.ToArray())}) in one and ({string.Join(", ", byName[i][entry.Name].Shape.ToArray())}) in {files[i].Path}"));
        }

        return problems.Count == 0
            ? [.. entries[0].Select(entry => byName.Select(names => names[entry.Name]).ToArray())]
            : throw new ArgumentException($"merge: expected the same tensors in all files, got: {string.Join("; ", problems)}. pondus diff --save-map and convert --map bring names together.", nameof(files));
    }

    private static WeightEntry Merge(WeightEntry[] row, double[] weights, MergingOptions options)
    {
        WeightEntry first = row[0];
        if (!IsMerged(first))
        {
            return first;
        }

        if (!CastEntry.CanCast(first, first.DataType))
        {
            throw new NotSupportedException($"Tensor '{first.Name}': expected a type that can be written, got {first.DataType}. Convert the file with --dtype float16 first.");
        }

        return ComputedEntry.Of(first.Name, first.DataType, first.Shape, () =>
        {
            double[] values = options.Method switch
            {
                MergeMethod.Slerp => Slerp(WeightValues.Read(row[0]), WeightValues.Read(row[1]), weights[1]),
                MergeMethod.TaskArithmetic => TaskArithmetic(row, weights, options.Scale),
                _ => Sum(row, weights),
            };
            byte[] bytes = new byte[first.ByteCount];
            WeightEncoding.Encode(first.DataType, values, bytes);
            return bytes;
        });
    }

    private static double[] Sum(ReadOnlySpan<WeightEntry> row, double[] weights)
    {
        double[] sum = new double[row[0].Count], part = new double[Math.Min(sum.Length, WeightValues.PartElements)];
        for (int file = 0; file < row.Length; file++)
        {
            for (int at = 0; at < sum.Length; at += part.Length)
            {
                Span<double> values = part.AsSpan(0, Math.Min(part.Length, sum.Length - at));
                WeightValues.Read(row[file], at, values);
                for (int i = 0; i < values.Length; i++)
                {
                    sum[at + i] += weights[file] * values[i];
                }
            }
        }

        return sum;
    }

    private static double[] TaskArithmetic(WeightEntry[] row, double[] weights, double scale)
    {
        // b + s * sum w_i (x_i - b), with the differences formed first: they are small against b.
        double[] start = WeightValues.Read(row[0]), change = new double[start.Length];
        for (int file = 1; file < row.Length; file++)
        {
            double[] values = WeightValues.Read(row[file]);
            for (int i = 0; i < change.Length; i++)
            {
                change[i] += weights[file - 1] * (values[i] - start[i]);
            }
        }

        for (int i = 0; i < start.Length; i++)
        {
            start[i] += scale * change[i];
        }

        return start;
    }

    private static double[] Slerp(double[] a, double[] b, double t)
    {
        // Beyond this cosine sin(a) is too small to divide by.
        const double parallel = 0.9995;
        double norms = Math.Sqrt(MatrixSimilarity.Dot(a, a)) * Math.Sqrt(MatrixSimilarity.Dot(b, b));
        double cosine = norms > 0 ? Math.Clamp(MatrixSimilarity.Dot(a, b) / norms, -1, 1) : 1;
        double shareA = 1 - t, shareB = t;
        if (Math.Abs(cosine) <= parallel)
        {
            double angle = Math.Acos(cosine), sine = Math.Sin(angle);
            shareA = Math.Sin((1 - t) * angle) / sine;
            shareB = Math.Sin(t * angle) / sine;
        }

        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (shareA * a[i]) + (shareB * b[i]);
        }

        return a;
    }
}
