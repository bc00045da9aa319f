namespace Pondus.Formats.Gguf;

/// <summary>The format GGUF, see FORMAT.md beside this file.</summary>
public sealed class GgufFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "gguf";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".gguf"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return probe.StartsWith("GGUF"u8);
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => GgufFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => GgufTypes.Id(dataType) is not null;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        Save(path, entries, metadata, source: null);

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata, WeightFile? source) =>
        GgufWriter.Save(path, entries, GgufWriter.ValuesOf(metadata, entries, source as GgufFile));
}
