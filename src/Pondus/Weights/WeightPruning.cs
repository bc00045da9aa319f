using System.IO.Enumeration;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Sets the weights of least magnitude to zero.</summary>
/// <remarks>
/// <para>Formula: of n weights the round(share n) smallest in absolute value become zero, of equal ones the first; half a weight is
/// rounded to even. Sizes and types stay, so the file does not become smaller by itself.</para>
/// <para>Source: Han et al. 2015, arXiv:1506.02626.</para>
/// </remarks>
public static class WeightPruning
{
    /// <summary>Prunes a file.</summary>
    /// <param name="source">The open file.</param>
    /// <param name="target">The file to write; its folder must exist.</param>
    /// <param name="options">How much, and where.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it early; the target is then as it was.</param>
    /// <returns>What became of each tensor.</returns>
    /// <exception cref="ArgumentException">The share is outside [0, 1], or no tensor is to be pruned.</exception>
    /// <exception cref="NotSupportedException">A tensor to prune is of quantized blocks.</exception>
    /// <exception cref="IOException">The target is the source, or cannot be written.</exception>
    public static OperationReport Prune(
        WeightFile source, string target, PruningOptions options, IProgress<WeightProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Share >= 0 && options.Share <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Share, $"prune: expected a share in [0, 1], got {options.Share}.");
        }

        IWeightFormat format = WeightTarget.FormatOf(target, options.Format);
        WeightTarget.RefuseOverwriting(target, source.Path);
        WeightTarget.RefuseTypes(target, format, source.Entries, asked: null);
        WeightEntry[] chosen = [.. source.Entries.Where(entry => WhyKept(entry, options) is null)];
        if (chosen.Length == 0)
        {
            throw new ArgumentException($"{source.Path}: expected a floating-point tensor to prune, got none that fits.", nameof(options));
        }

        WeightEntry[] blocks = [.. chosen.Where(static entry => WeightTypes.Layout(entry.DataType) is not { Elements: 1 })];
        if (blocks.Length > 0)
        {
            throw new NotSupportedException($"{source.Path}: expected types with a place for each element, got {string.Join(", ", blocks.Select(static entry => $"{entry.DataType} in {entry.Name}"))}. Convert the file with --dtype float16 first.");
        }

        Dictionary<WeightEntry, MagnitudeThreshold> thresholds = Thresholds(chosen, options, progress, cancellationToken);
        WeightEntry[] written = [.. source.Entries.Select(entry => thresholds.TryGetValue(entry, out MagnitudeThreshold threshold) ? Prune(entry, threshold) : entry)];
        List<TensorError> tensors = [];
        ErrorSums total = new();
        foreach ((WeightEntry before, WeightEntry after) in source.Entries.Zip(written).Where(pair => thresholds.ContainsKey(pair.First)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            tensors.Add(TensorError.Measure(before, after));
            total.Add(before, after);
        }

        Dictionary<string, string> metadata = WeightTarget.Lineage(source.Metadata, "pondus.pruned_from", [(source, WeightDigest.Compute(source.Entries))]);
        metadata["pondus.pruning"] = $"magnitude, share {options.Share}, {(options.IsGlobal ? "of all tensors together" : "of each tensor")}";
        string path = WeightTarget.Save(format, target, written, metadata, source, 0, progress, cancellationToken);
        return new OperationReport(
            path,
            tensors,
            total.ToError("all", string.Empty, string.Empty),
            [.. source.Entries.Where(entry => !thresholds.ContainsKey(entry)).Select(entry => (entry.Name, WhyKept(entry, options)!))]);
    }

    private static string? WhyKept(WeightEntry entry, PruningOptions options)
    {
        if (!WeightEncoding.IsFloating(entry.DataType) || entry.DataType == "float8_e8m0fnu")
        {
            return entry.DataType;
        }

        if (options.Only.Count > 0)
        {
            return options.Only.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, entry.Name, ignoreCase: false)) ? null : "not asked for";
        }

        return entry.Shape.Length >= 2 ? null : "fewer than two axes";
    }

    private static Dictionary<WeightEntry, MagnitudeThreshold> Thresholds(WeightEntry[] chosen, PruningOptions options, IProgress<WeightProgress>? progress, CancellationToken cancellationToken)
    {
        Dictionary<WeightEntry, MagnitudeThreshold> thresholds = [];
        if (!options.IsGlobal)
        {
            long done = 0, total = chosen.Sum(static entry => entry.ByteCount);
            foreach (WeightEntry entry in chosen)
            {
                cancellationToken.ThrowIfCancellationRequested();
                thresholds[entry] = MagnitudeThreshold.Find([entry], Share(entry.Count, options.Share));
                done += entry.ByteCount;
                progress?.Report(new WeightProgress("choosing", done, total));
            }

            return thresholds;
        }

        MagnitudeThreshold common = MagnitudeThreshold.Find(chosen, Share(chosen.Sum(static entry => entry.Count), options.Share));
        long ties = common.Ties;
        foreach (WeightEntry entry in chosen)
        {
            // The first of equal weights go, so each tensor is told how many of its own are among them.
            thresholds[entry] = common with { Ties = ties };
            ties -= Math.Min(ties, CountTies(entry, common.Key));
        }

        return thresholds;
    }

    private static long Share(long count, double share) => (long)Math.Round(count * share, MidpointRounding.ToEven);

    private static long CountTies(WeightEntry entry, ulong key)
    {
        double[] part = new double[Math.Min(entry.Count, WeightValues.PartElements)];
        long count = 0;
        for (long at = 0; at < entry.Count; at += part.Length)
        {
            Span<double> values = part.AsSpan(0, (int)Math.Min(part.Length, entry.Count - at));
            WeightValues.Read(entry, at, values);
            foreach (double value in values)
            {
                count += MagnitudeThreshold.KeyOf(value) == key ? 1 : 0;
            }
        }

        return count;
    }

    // Zero is all bits zero in every floating-point type but the exponents, which are not pruned; what stays keeps its bits.
    private static WeightEntry Prune(WeightEntry entry, MagnitudeThreshold threshold) => ComputedEntry.Of(entry.Name, entry.DataType, entry.Shape, () =>
    {
        byte[] bytes = entry.ReadBytes();
        double[] values = WeightValues.Read(entry);
        int width = WeightTypes.Layout(entry.DataType)!.Value.Bytes;
        long ties = threshold.Ties;
        for (int i = 0; i < values.Length; i++)
        {
            ulong key = MagnitudeThreshold.KeyOf(values[i]);
            if (key < threshold.Key || (key == threshold.Key && ties-- > 0))
            {
                bytes.AsSpan(i * width, width).Clear();
            }
        }

        return bytes;
    });
}
