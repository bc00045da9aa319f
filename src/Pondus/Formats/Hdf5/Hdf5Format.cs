using Pondus.Formats.Keras;

namespace Pondus.Formats.Hdf5;

/// <summary>The format HDF5, see FORMAT.md beside this file.</summary>
public sealed class Hdf5Format : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "hdf5";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".h5", ".hdf5"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return Hdf5Superblock.Find(probe.Head.Span) >= 0;
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => Hdf5File.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => Hdf5TypeWriter.Holds(dataType);

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        // What came from an older file of Keras goes back as one.
        if (!KerasWriter.TrySaveOlder(path, entries, metadata))
        {
            Hdf5Writer.Save(path, entries, metadata);
        }
    }
}
