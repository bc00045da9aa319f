using System.IO.Enumeration;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Writes the tensors of a weights file in another format, with other types, under other names.</summary>
/// <remarks>
/// <para>Order: patterns choose by the names in the source; then the map's names and layouts, or without a row in it the prefixes; then types.</para>
/// <para>The target is replaced in one step. Its metadata are the source's and where the tensors came from: <c>pondus.converted_from</c>,
/// <c>pondus.parent_sha256</c>, <c>pondus.version</c>. int8 tensors with scales of Pondus's convention become floats when a type is asked for.</para>
/// </remarks>
public static class WeightConversion
{
    /// <summary>Converts a file.</summary>
    /// <param name="source">The open file.</param>
    /// <param name="target">The file to write; its folder must exist.</param>
    /// <param name="options">What changes besides the format; null for nothing.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it early; the target is then as it was.</param>
    /// <returns>What was done, with every loss.</returns>
    /// <exception cref="ArgumentException">The options do not fit the file: no such format, type or name.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold some types; the message names all of these tensors and the cure.</exception>
    /// <exception cref="IOException">The target is the source, or cannot be written.</exception>
    public static ConversionReport Convert(
        WeightFile source, string target, ConversionOptions? options = null, IProgress<WeightProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        options ??= new ConversionOptions();
        IWeightFormat format = WeightTarget.FormatOf(target, options.Format);
        WeightTarget.RefuseOverwriting(target, source.Path);
        if (options.ShardBytes > 0)
        {
            WeightTarget.RefuseOverwritingParts(target, source.Path);
        }

        IReadOnlyList<WeightEntry> restored = QuantizedTensors.Restored(source.Entries, source.Metadata), entries = options.DataType is null ? source.Entries : restored;
        if (options.DataType is null && restored.Count < source.Entries.Count)
        {
            RefuseLoneCodes(source.Path, target, format, options);
        }

        WeightEntry[] chosen = [.. entries.Where(entry => IsChosen(entry.Name, options))];
        if (chosen.Length == 0 && entries.Count > 0)
        {
            throw new ArgumentException($"{source.Path}: expected patterns that leave a tensor, got none of {entries.Count} that fits. pondus inspect lists the names.", nameof(options));
        }

        List<(WeightEntry Before, WeightEntry After)> pairs = Rename(source.Path, chosen, options);
        pairs = [.. pairs.Select(pair => (pair.Before, Cast(pair.After, format, options.DataType)))];
        WeightTarget.RefuseTypes(target, format, pairs.Select(static pair => pair.After), options.DataType);
        List<TensorError> changed = [];
        long done = 0, total = pairs.Sum(static pair => pair.Before.ByteCount);
        foreach ((WeightEntry before, WeightEntry after) in pairs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (before.DataType != after.DataType)
            {
                changed.Add(TensorError.Measure(before, after));
            }

            done += before.ByteCount;
            progress?.Report(new WeightProgress("measuring", done, total));
        }

        string digest = WeightDigest.Compute(source.Entries);
        Dictionary<string, string> metadata = WeightTarget.Lineage(source.Metadata, "pondus.converted_from", [(source, digest)]);
        if (options.DataType is not null)
        {
            metadata.Remove(QuantizedTensors.MetadataKey);
        }

        string path = WeightTarget.Save(format, target, [.. pairs.Select(static pair => pair.After)], metadata, source, options.ShardBytes, progress, cancellationToken);
        return new ConversionReport
        {
            SourceFormat = source.Format,
            TargetFormat = format.Name,
            Path = path,
            SourceSha256 = digest,
            TensorCount = pairs.Count,
            ByteCount = pairs.Sum(static pair => pair.After.ByteCount),
            Changed = changed,
            Dropped = [.. entries.Where(entry => !IsChosen(entry.Name, options)).Select(static entry => entry.Name)],
            HoldsMetadata = format.HoldsMetadata,
            Renamed = [.. chosen.Zip(pairs).Where(static pair => pair.First.Name != pair.Second.After.Name).Select(static pair => (pair.First.Name, pair.Second.After.Name))],
            Remarks = source.Remarks,
        };
    }

    // A code is nothing without the scale of its channel.
    private static void RefuseLoneCodes(string path, string target, IWeightFormat format, ConversionOptions options)
    {
        if (options.Map is not null || options.Keep.Count > 0 || options.Drop.Count > 0)
        {
            throw new ArgumentException($"{path}: expected int8 weights to stay together with their scales, got a choice or a map of single tensors. --dtype float32 restores their values.", nameof(options));
        }

        QuantizedTensors.RefuseWithoutMetadata(target, format);
    }

    private static bool IsChosen(string name, ConversionOptions options) =>
        (options.Keep.Count == 0 || Matches(options.Keep, name)) && !Matches(options.Drop, name);

    private static bool Matches(IReadOnlyList<string> patterns, string name) => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    // Before is the tensor as laid out anew, so that it can be compared with what is written.
    private static List<(WeightEntry Before, WeightEntry After)> Rename(string path, WeightEntry[] chosen, ConversionOptions options)
    {
        Dictionary<string, WeightNameMapRow> rows = (options.Map?.Rows ?? []).ToDictionary(static row => row.From, StringComparer.Ordinal);
        string[] unknown = [.. rows.Keys.Except(chosen.Select(static entry => entry.Name), StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new ArgumentException($"{path}: expected every name of the map among the tensors, got no {string.Join(", ", unknown.Select(static name => $"'{name}'"))}.", nameof(options));
        }

        List<(WeightEntry Before, WeightEntry After)> pairs = [];
        Dictionary<string, string> taken = new(StringComparer.Ordinal);
        List<string> clashes = [];
        foreach (WeightEntry entry in chosen)
        {
            WeightEntry before = entry;
            string name = WithPrefixes(entry.Name, options);
            if (rows.TryGetValue(entry.Name, out WeightNameMapRow? row))
            {
                name = row.To;
                before = row.Axes is { } axes ? TensorLayout.Permute(entry, axes) : entry;
            }

            if (!taken.TryAdd(name, entry.Name))
            {
                clashes.Add($"'{name}' from '{taken[name]}' and '{entry.Name}'");
            }

            pairs.Add((before, CastEntry.Rename(before, name)));
        }

        return clashes.Count == 0
            ? pairs
            : throw new ArgumentException($"{path}: expected each new name once, got {string.Join(", ", clashes)}.", nameof(options));
    }

    private static string WithPrefixes(string name, ConversionOptions options)
    {
        string rest = options.StripPrefix is { Length: > 0 } prefix && name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        return options.AddPrefix + rest;
    }

    // Whole numbers stay whole numbers unless the format has no place for them.
    private static WeightEntry Cast(WeightEntry entry, IWeightFormat format, string? dataType)
    {
        bool wants = dataType is not null && entry.DataType != dataType && (WeightEncoding.IsFloating(entry.DataType) || !format.Holds(entry.DataType));
        return wants && CastEntry.CanCast(entry, dataType!) ? CastEntry.Of(entry, entry.Name, dataType!) : entry;
    }
}
