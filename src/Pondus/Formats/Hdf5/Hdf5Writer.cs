namespace Pondus.Formats.Hdf5;

/// <summary>Writes tensors and texts as HDF5: superblock 0, symbol tables, contiguous data, which every reader of the format knows.</summary>
/// <remarks>The data come first, then the tables, so that tensors are read only once and never kept.</remarks>
internal sealed class Hdf5Writer
{
    private const int SuperblockBytes = 96;
    private const long Undefined = -1;

    private readonly Hdf5Folder _root = new();
    private readonly List<(WeightEntry Entry, long Address)> _data = [];
    private readonly Hdf5Tables _tables;
    private long _end = SuperblockBytes;

    /// <summary>Lays out tensors by their paths, and attributes of groups by theirs; the root's path is empty.</summary>
    internal Hdf5Writer(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, IReadOnlyList<Hdf5Attribute>> attributes)
    {
        WriterChecks.Require(path, entries, static entry => Hdf5TypeWriter.Holds(entry.DataType) ? null : $"expected a type that HDF5 holds, got {entry.DataType}");
        foreach (WeightEntry entry in entries)
        {
            long address = entry.ByteCount == 0 ? Undefined : _end;
            _root.Add(entry, address);
            _data.Add((entry, address));
            _end = (_end + entry.ByteCount + Hdf5Block.WordBytes - 1) & -Hdf5Block.WordBytes;
        }

        foreach ((string group, IReadOnlyList<Hdf5Attribute> list) in attributes)
        {
            _root.Find(group).Attributes.AddRange(list);
        }

        _tables = new Hdf5Tables(_end);
    }

    /// <summary>Writes tensors by their paths and metadata as attributes of the root.</summary>
    internal static void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        Save(path, entries, new Dictionary<string, IReadOnlyList<Hdf5Attribute>>(StringComparer.Ordinal) { [""] = AttributesOf(metadata) });

    /// <summary>Writes tensors by their paths, and attributes of groups by theirs; the root's path is empty.</summary>
    internal static void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, IReadOnlyList<Hdf5Attribute>> attributes)
    {
        Hdf5Writer writer = new(path, entries, attributes);
        AtomicFile.Write(path, writer.Write);
    }

    /// <summary>Makes attributes of texts.</summary>
    internal static List<Hdf5Attribute> AttributesOf(IReadOnlyDictionary<string, string> texts) =>
        [.. texts.Select(static pair => new Hdf5Attribute(pair.Key, [pair.Value], IsScalar: true, IsText: true)).OrderBy(static attribute => attribute.Name, StringComparer.Ordinal)];

    /// <summary>Writes everything, from the front to the back.</summary>
    internal void Write(Stream stream)
    {
        Hdf5Symbol root = _tables.AddFolder(_root);
        stream.Write(Superblock(root, _tables.End));
        long at = SuperblockBytes;
        foreach ((WeightEntry entry, long address) in _data)
        {
            if (address != Undefined)
            {
                entry.CopyTo(stream);
                at += entry.ByteCount;
                int padding = (int)(-at & (Hdf5Block.WordBytes - 1));
                stream.Write(new byte[padding]);
                at += padding;
            }
        }

        _tables.CopyTo(stream);
    }

    private static ReadOnlySpan<byte> Superblock(Hdf5Symbol root, long end)
    {
        Hdf5Block block = new();
        block.Raw([0x89, .. "HDF"u8, 0x0d, 0x0a, 0x1a, 0x0a]);
        block.Zeros(5).U8(Hdf5Block.WordBytes).U8(Hdf5Block.WordBytes).U8(0);
        block.U16(Hdf5Tables.LeafRank).U16(Hdf5Tables.TreeRank).U32(0);
        block.Word(0).Word(Undefined).Word(end).Word(Undefined);
        root.Write(block, nameOffset: 0);
        return block.Span;
    }
}
