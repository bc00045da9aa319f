namespace Pondus.Formats.Hdf5;

/// <summary>An open HDF5 file: every data set of numbers is a tensor, named by its path.</summary>
/// <remarks>
/// <para>Links that lead out of the file, data in other files and virtual data sets are named and never followed.</para>
/// <para>Metadata: the attributes of the root by name, those of other objects as <c>path@name</c>.</para>
/// <para>Source: HDF5 File Format Specification 3.0; see FORMAT.md beside this file.</para>
/// </remarks>
public sealed class Hdf5File : WeightFile
{
    private readonly RandomAccessFile _file;

    private Hdf5File(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        Hdf5Tree tree = Hdf5Tree.Read(file.Path, 0, file.Length, file.Read);
        Entries = [.. tree.Nodes.Select(static node => node.Entry).OfType<WeightEntry>()];
        Metadata = MetadataOf(tree);
        Remarks = tree.Remarks;
    }

    /// <inheritdoc/>
    public override string Format => "hdf5";

    /// <summary>Opens a file and reads its table of objects.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the object.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new Hdf5File Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "an HDF5 file");
        try
        {
            return new Hdf5File(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    private static Dictionary<string, string> MetadataOf(Hdf5Tree tree)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (Hdf5Node node in tree.Nodes)
        {
            foreach ((string name, Hdf5Attribute attribute) in node.Attributes)
            {
                // The name of a tensor's own type is no news.
                if (name is not Hdf5Dataset.TypeAttribute || !string.Equals(node.Entry?.DataType, attribute.ToText(), StringComparison.Ordinal))
                {
                    metadata[node.Path.Length == 0 ? name : $"{node.Path}@{name}"] = attribute.ToText();
                }
            }
        }

        return metadata;
    }
}
