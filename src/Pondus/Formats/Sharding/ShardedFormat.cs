namespace Pondus.Formats.Sharding;

/// <summary>An index of several weights files as Transformers writes it, or the folder of one; see FORMAT.md beside this file.</summary>
public sealed class ShardedFormat : IWeightFormat
{
    private const string Ending = ".index.json";

    /// <inheritdoc/>
    public string Name => "sharded";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [];

    /// <summary>Gets that it is not written by this interface: <see cref="ShardedWriter"/> wants to know a size.</summary>
    public bool CanWrite => false;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (probe.IsFolder)
        {
            return IndexOf(probe.Path) is not null;
        }

        // Keras's index of HDF5 files is of another form. Metadata, which come first, may fill all that is seen.
        ReadOnlySpan<byte> head = probe.Head.Span;
        return head.TrimStart(" \t\r\n"u8).StartsWith("{"u8) && head.IndexOf(".weights.h5\""u8) < 0
            && (head.IndexOf("\"weight_map\""u8) >= 0 || probe.Path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => ShardedFile.Open(Directory.Exists(path) ? IndexOf(path) ?? path : path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => false;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        throw new NotSupportedException($"{path}: expected the name of a weights file and a size of shards, got an index. Name the file, such as model.safetensors.");

    // Of a folder with both kinds, as with Transformers, safetensors.
    private static string? IndexOf(string folder) => Directory.EnumerateFiles(folder, $"*{Ending}")
        .OrderByDescending(static path => path.EndsWith($".safetensors{Ending}", StringComparison.Ordinal))
        .ThenBy(static path => path, StringComparer.Ordinal)
        .FirstOrDefault();
}
