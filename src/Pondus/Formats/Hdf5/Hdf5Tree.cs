using System.Buffers.Binary;

namespace Pondus.Formats.Hdf5;

/// <summary>All groups and data sets of a file, found by walking its links; nothing outside of the file is opened.</summary>
internal sealed class Hdf5Tree
{
    private const int MostDepth = 100;

    private readonly Hdf5Source _source;
    private readonly Hdf5GlobalHeap _heap;
    private readonly Hdf5Claims _claims;
    private readonly List<WeightRemark> _remarks = [];
    private readonly List<Hdf5Node> _nodes = [];
    private readonly Dictionary<long, string> _groups = [];
    private readonly Dictionary<long, string> _datasets = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    private Hdf5Tree(Hdf5Source source)
    {
        _source = source;
        _heap = new Hdf5GlobalHeap(source);
        _claims = new Hdf5Claims(source.Length);
    }

    /// <summary>Gets the groups and data sets, each group before what is in it.</summary>
    public IReadOnlyList<Hdf5Node> Nodes => _nodes;

    /// <summary>Gets what is not among them.</summary>
    public IReadOnlyList<WeightRemark> Remarks => _remarks;

    /// <summary>Reads a file, or the part of one.</summary>
    /// <param name="path">The file, for complaints.</param>
    /// <param name="start">Offset of the part in the file, for complaints.</param>
    /// <param name="length">Bytes of the part.</param>
    /// <param name="bytes">Reads the part.</param>
    internal static Hdf5Tree Read(string path, long start, long length, WeightBytesReader bytes)
    {
        (Hdf5Source source, long root) = Hdf5Superblock.Read(new Hdf5Source(path, start, length, bytes));
        Hdf5Tree tree = new(source);
        tree.Visit(root, "", 0);
        return tree;
    }

    /// <summary>Reads only the attributes and the names of the root group, to see what kind of file it is.</summary>
    internal static (IReadOnlyDictionary<string, Hdf5Attribute> Attributes, IReadOnlyList<string> Names) ReadRoot(string path, long start, long length, WeightBytesReader bytes)
    {
        (Hdf5Source source, long root) = Hdf5Superblock.Read(new Hdf5Source(path, start, length, bytes));
        List<Hdf5Message> messages = Hdf5ObjectHeader.Read(source, root);
        return (Hdf5Attributes.Read(source, new Hdf5GlobalHeap(source), messages, static (_, _) => { }), [.. Hdf5Links.Read(source, messages).Select(static link => link.Name)]);
    }

    private static string Subject(string path) => path.Length == 0 ? "the root group" : $"'{path}'";

    private void Visit(long address, string path, int depth)
    {
        Hdf5Source source = _source with { Subject = Subject(path) };
        List<Hdf5Message> messages;
        try
        {
            messages = Hdf5ObjectHeader.Read(source, address);
        }
        catch (Hdf5UnsupportedException error)
        {
            Refuse(path, error.Message);
            return;
        }

        if (Hdf5Links.IsGroup(messages))
        {
            VisitGroup(source, address, messages, path, depth);
        }
        else if (messages.Exists(static message => message.Type == Hdf5MessageType.Layout))
        {
            VisitDataset(source, address, messages, path);
        }
        else if (messages.Exists(static message => message.Type == Hdf5MessageType.Datatype))
        {
            Remark(WeightRemarkKind.Skipped, path, "an element type with a name, and no tensor.");
        }
        else
        {
            _nodes.Add(new Hdf5Node(path, ReadAttributes(source, messages, path), Entry: null));
        }
    }

    private Dictionary<string, Hdf5Attribute> ReadAttributes(Hdf5Source source, List<Hdf5Message> messages, string path) =>
        Hdf5Attributes.Read(source, _heap, messages, (name, message) => Remark(WeightRemarkKind.Skipped, $"{path}@{name}", $"{message}."));

    private void VisitGroup(Hdf5Source source, long address, List<Hdf5Message> messages, string path, int depth)
    {
        if (!_groups.TryAdd(address, path))
        {
            Remark(WeightRemarkKind.Note, path, $"another name of the group {Subject(_groups[address])}, listed once.");
            return;
        }

        if (depth > MostDepth)
        {
            Refuse(path, $"expected groups at most {MostDepth} deep, got deeper ones");
            return;
        }

        _nodes.Add(new Hdf5Node(path, ReadAttributes(source, messages, path), Entry: null));
        List<Hdf5Link> links;
        try
        {
            links = Hdf5Links.Read(source, messages);
        }
        catch (Hdf5UnsupportedException error)
        {
            Refuse(path, error.Message);
            return;
        }

        foreach (Hdf5Link link in links)
        {
            string child = path.Length == 0 ? link.Name : $"{path}/{link.Name}";
            source.Spend(child.Length);
            if (!_paths.Add(child))
            {
                throw source.Error(address, $"expected each name once, got '{link.Name}' twice. It is damaged.");
            }

            if (link.IsExternal)
            {
                Refuse(child, $"expected an object of this file, got a link to '{link.Target}' in another, which is not opened");
            }
            else if (link.Target is not null)
            {
                Remark(WeightRemarkKind.Note, child, $"a link to '{link.Target}', not followed.");
            }
            else
            {
                Visit(link.Address, child, depth + 1);
            }
        }
    }

    private void VisitDataset(Hdf5Source source, long address, List<Hdf5Message> messages, string path)
    {
        Dictionary<string, Hdf5Attribute> attributes = ReadAttributes(source, messages, path);
        try
        {
            WeightEntry entry = Hdf5Dataset.Read(source, path, messages, attributes, _claims);
            _nodes.Add(new Hdf5Node(path, attributes, entry));
            if (!_datasets.TryAdd(address, path))
            {
                Remark(WeightRemarkKind.Note, path, $"another name of {Subject(_datasets[address])}: the same bytes.");
            }
        }
        catch (Hdf5UnsupportedException error)
        {
            Refuse(path, error.Message);
        }
    }

    private void Refuse(string path, string message) => Remark(WeightRemarkKind.Refused, path, $"{message}.");

    private void Remark(WeightRemarkKind kind, string subject, string message) => _remarks.Add(new WeightRemark(kind, subject, message));
}
