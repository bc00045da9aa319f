namespace Pondus.Formats.Sharding;

/// <summary>Several weights files that are one set, by an index that says which tensor is in which.</summary>
/// <remarks>The files may be of any format; they lie beside the index or below its folder.</remarks>
public sealed class ShardedFile : WeightFile
{
    private readonly List<WeightFile> _shards = [];

    private ShardedFile(string path, ShardIndex index)
        : base(path)
    {
        try
        {
            Dictionary<string, WeightFile> shards = OpenShards(path, index);
            Entries = FindEntries(path, index, shards);
            Metadata = MergeMetadata(index);
            Remarks = [.. _shards.SelectMany(static shard => shard.Remarks), .. Unlisted(index)];
        }
        catch
        {
            Dispose(disposing: true);
            throw;
        }
    }

    /// <summary>Gets the format of the files that the index names.</summary>
    public override string Format => _shards.Count > 0 ? _shards[0].Format : "sharded";

    /// <summary>Gets the number of files that the index names.</summary>
    public int ShardCount => _shards.Count;

    /// <summary>Opens an index and all files that it names.</summary>
    /// <param name="path">The index.</param>
    /// <returns>The open files as one.</returns>
    /// <exception cref="WeightFormatException">The index or a file breaks a rule, or a file or tensor is missing: all of them are named.</exception>
    /// <exception cref="IOException">The index is missing or a file is not readable.</exception>
    public static new ShardedFile Open(string path) => new(path, ShardIndex.Read(path));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (WeightFile shard in _shards)
        {
            shard.Dispose();
        }
    }

    private static List<WeightEntry> FindEntries(string path, ShardIndex index, Dictionary<string, WeightFile> shards)
    {
        List<WeightEntry> entries = [];
        List<string> missing = [];
        foreach ((string name, string shard) in index.Shards)
        {
            if (shards[shard].Find(name) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                missing.Add($"'{name}' in {shard}");
            }
        }

        return missing.Count == 0 ? entries : throw new WeightFormatException(path, 0, $"expected the tensors that the index lists, got none of {Some(missing)}.");
    }

    private static string Some(List<string> names)
    {
        const int shown = 10;
        return string.Join(", ", names.Take(shown)) + (names.Count > shown ? $" and {names.Count - shown} more" : string.Empty);
    }

    private Dictionary<string, WeightFile> OpenShards(string path, ShardIndex index)
    {
        List<string> names = [.. index.Shards.Select(static pair => pair.Shard).Distinct(StringComparer.Ordinal)];
        List<string> missing = names.FindAll(name => !File.Exists(ShardPath(path, name)));
        if (missing.Count > 0)
        {
            throw new WeightFormatException(path, 0, $"expected the files that the index names, got no {Some(missing)}.");
        }

        Dictionary<string, WeightFile> shards = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            IWeightFormat format = WeightFormats.Detect(ShardPath(path, name));
            // An index that names itself would never end.
            WeightFile shard = format is not ShardedFormat ? format.Open(ShardPath(path, name)) : throw new WeightFormatException(path, 0, $"expected weights in {name}, got another index.");
            _shards.Add(shard);
            shards.Add(name, shard);
        }

        return shards;
    }

    private static string ShardPath(string path, string name) => NeighborPath.Resolve(path, name)
        ?? throw new WeightFormatException(path, 0, $"expected files beside the index, got '{name}', which leads out of its folder.");

    private Dictionary<string, string> MergeMetadata(ShardIndex index)
    {
        Dictionary<string, string> metadata = new(index.Metadata, StringComparer.Ordinal);
        foreach ((string key, string value) in _shards.SelectMany(static shard => shard.Metadata))
        {
            metadata.TryAdd(key, value);
        }

        return metadata;
    }

    private IEnumerable<WeightRemark> Unlisted(ShardIndex index)
    {
        HashSet<string> listed = new(index.Shards.Select(static pair => pair.Name), StringComparer.Ordinal);
        return _shards
            .SelectMany(static shard => shard.Entries, static (shard, entry) => (Shard: shard, Entry: entry))
            .Where(pair => !listed.Contains(pair.Entry.Name))
            .Select(static pair => new WeightRemark(WeightRemarkKind.Skipped, pair.Entry.Name, $"The index does not list this tensor of {System.IO.Path.GetFileName(pair.Shard.Path)}; it was left out."));
    }
}
