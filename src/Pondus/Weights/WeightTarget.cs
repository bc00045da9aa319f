using Pondus.Formats;
using Pondus.Formats.Gguf;
using Pondus.Formats.Sharding;

namespace Pondus.Weights;

/// <summary>What all commands that write weights share: the choice of the format, refusals, lineage, and saving.</summary>
internal static class WeightTarget
{
    private static readonly string s_version = $"pondus {typeof(WeightTarget).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Gives the format asked for, or the one that the target's name asks for; it can be written.</summary>
    public static IWeightFormat FormatOf(string target, IWeightFormat? asked)
    {
        string known = string.Join(", ", WeightFormats.All.Where(static format => format.CanWrite).Select(static format => format.Name));
        IWeightFormat format = asked ?? WeightFormats.ForWriting(target)
            ?? throw new ArgumentException($"{target}: expected a name that ends as a format that can be written, got none. Name one of {known} with --to.", nameof(target));
        return format.CanWrite ? format : throw new ArgumentException($"{target}: expected a format that can be written ({known}), got {format.Name}.", nameof(target));
    }

    /// <summary>Refuses a target that is one of the files read: a failure between reading and writing must not cost the only copy.</summary>
    public static void RefuseOverwriting(string target, params ReadOnlySpan<string> sources)
    {
        string full = Real(target);
        foreach (string source in sources)
        {
            if (string.Equals(full, Real(source), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            {
                throw new IOException($"{target}: expected a file other than the one that is read, got the same. Name another file.");
            }
        }
    }

    /// <summary>Refuses to write parts over those of a source in parts.</summary>
    public static void RefuseOverwritingParts(string target, string source)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(target)) ?? target;
        RefuseOverwriting($"{target}.index.json", source);
        if (Directory.Exists(source) && string.Equals(Real(folder), Real(source), StringComparison.Ordinal))
        {
            throw new IOException($"{target}: expected a folder other than the one that is read, got the same. Name another folder.");
        }
    }

    /// <summary>Refuses types that the format does not hold, all at once.</summary>
    public static void RefuseTypes(string target, IWeightFormat format, IEnumerable<WeightEntry> entries, string? asked)
    {
        WeightEntry[] alien = [.. entries.Where(entry => !format.Holds(entry.DataType))];
        if (alien.Length == 0)
        {
            return;
        }

        string types = string.Join("; ", alien.GroupBy(static entry => entry.DataType, StringComparer.Ordinal).Select(static group => $"{group.Key} in {string.Join(", ", group.Select(static entry => entry.Name))}"));
        string cure = asked is null && Array.TrueForAll(alien, static entry => CastEntry.CanCast(entry, "float32")) && format.Holds("float32")
            ? "--dtype float32 converts them."
            : "Choose another format, or leave them out with --drop.";
        throw new NotSupportedException($"{target}: expected types that {format.Name} holds, got {types}. {cure}");
    }

    /// <summary>Gives metadata with where the tensors came from.</summary>
    public static Dictionary<string, string> Lineage(IReadOnlyDictionary<string, string> metadata, string key, IReadOnlyList<(WeightFile File, string Sha256)> parents) => new(metadata, StringComparer.Ordinal)
    {
        [key] = string.Join("; ", parents.Select(static parent => $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(parent.File.Path))} ({parent.File.Format}) sha256:{parent.Sha256}")),
        ["pondus.parent_sha256"] = string.Join(' ', parents.Select(static parent => parent.Sha256)),
        ["pondus.version"] = s_version,
    };

    /// <summary>Writes the file or files, and gives the path to open.</summary>
    public static string Save(
        IWeightFormat format,
        string target,
        IReadOnlyList<WeightEntry> entries,
        Dictionary<string, string> metadata,
        WeightFile? source,
        long shardBytes,
        IProgress<WeightProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (format.Name == "safetensors")
        {
            // Other libraries refuse files that do not name a framework.
            metadata.TryAdd("format", "pt");
        }

        IReadOnlyList<WeightEntry> watched = progress is null && !cancellationToken.CanBeCanceled ? entries : new Watch(entries, progress, cancellationToken).Entries;
        if (shardBytes <= 0)
        {
            format.Save(target, watched, metadata, source);
            return target;
        }

        if (format is GgufFormat)
        {
            return GgufWriter.SaveParts(target, watched, shardBytes, GgufWriter.ValuesOf(metadata, entries, source as GgufFile))[0];
        }

        // The parts are named by the ending, and so is their format.
        return ReferenceEquals(WeightFormats.ForWriting(target), format)
            ? ShardedWriter.Save(target, watched, metadata, shardBytes)[^1]
            : throw new ArgumentException($"{target}: expected a name that ends as {format.Name} does ({string.Join(", ", format.Extensions)}) for files in parts.", nameof(target));
    }

    private static string Real(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;
        }
    }

    // Hears of every part that the writer reads.
    private sealed class Watch
    {
        private readonly long _total;
        private long _done;

        public Watch(IReadOnlyList<WeightEntry> entries, IProgress<WeightProgress>? progress, CancellationToken cancellationToken)
        {
            _total = entries.Sum(static entry => entry.ByteCount);
            Entries = [.. entries.Select(entry => new WeightEntry(entry.Name, entry.DataType, entry.Shape, entry.ByteCount, (offset, destination) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                entry.Read(offset, destination);
                _done += destination.Length;
                // A writer may read more than once.
                progress?.Report(new WeightProgress("writing", Math.Min(_done, _total), _total));
            }))];
        }

        public IReadOnlyList<WeightEntry> Entries { get; }
    }
}
