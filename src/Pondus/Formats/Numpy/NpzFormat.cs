namespace Pondus.Formats.Numpy;

/// <summary>The format .npz, an archive of arrays; see FORMAT.md beside this file.</summary>
public sealed class NpzFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "npz";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".npz"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool HoldsMetadata => false;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        // An archive without members is one of no arrays.
        return probe.StartsWith("PK\u0005\u0006"u8) || probe.Members.Any(static name => name.EndsWith(".npy", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => NpzFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => NpyType.Spell(dataType) is not null;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) => NpyWriter.SaveNpz(path, entries);
}
