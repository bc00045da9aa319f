using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>The files of Keras, see FORMAT.md beside this file: <c>.keras</c>, <c>.weights.h5</c>, <c>.weights.json</c> and the older <c>.h5</c>.</summary>
public sealed class KerasFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "keras";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".weights.h5", ".keras"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (probe.Members.Count > 0)
        {
            return Has(probe.Members, KerasFile.WeightsMember) || (Has(probe.Members, KerasFile.ConfigMember) && Has(probe.Members, KerasFile.MetadataMember));
        }

        ReadOnlySpan<byte> head = probe.Head.Span;
        return KerasShards.Matches(head) || (Hdf5Superblock.Find(head) >= 0 && IsKeras(probe.Path));
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => KerasFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => Hdf5TypeWriter.Holds(dataType);

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) => KerasWriter.Save(path, entries, metadata);

    private static bool Has(IReadOnlyList<string> names, string name) => names.Contains(name, StringComparer.Ordinal);

    private static bool IsKeras(string path)
    {
        using RandomAccessFile file = RandomAccessFile.Open(path, "an HDF5 file");
        try
        {
            (IReadOnlyDictionary<string, Hdf5Attribute> attributes, IReadOnlyList<string> names) = Hdf5Tree.ReadRoot(path, 0, file.Length, file.Read);
            return attributes.ContainsKey("keras_version") || attributes.ContainsKey("layer_names") || attributes.ContainsKey("model_config")
                || Has(names, "vars") || (names.Count > 0 && names.All(static name => name is "layers" or "optimizer"));
        }
        catch (Exception error) when (error is WeightFormatException or NotSupportedException)
        {
            // The plain reader says what is wrong.
            return false;
        }
    }
}
