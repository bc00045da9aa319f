namespace Pondus.Formats.Numpy;

/// <summary>The format .npy, one array a file; see FORMAT.md beside this file.</summary>
public sealed class NpyFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "npy";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".npy"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool HoldsMetadata => false;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        // A pickle of this name is refused for what it is.
        return probe.StartsWith(NpyHeader.Magic) || (probe.StartsWith([0x80]) && probe.Path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => NpyFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => NpyType.Spell(dataType) is not null;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(entries);
        NpyWriter.SaveNpy(path, entries.Count == 1
            ? entries[0]
            : throw new ArgumentException($"{path}: expected one tensor for an .npy file, got {entries.Count}. Write an .npz archive.", nameof(entries)));
    }
}
