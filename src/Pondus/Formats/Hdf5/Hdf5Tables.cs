using System.Text;

namespace Pondus.Formats.Hdf5;

/// <summary>The groups, headers and texts of a file being written, from an address on.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections III.A.1, B, C, D, E and IV.A.1.a.</remarks>
internal sealed class Hdf5Tables(long start)
{
    /// <summary>Half of the most entries of a table.</summary>
    public const int LeafRank = 4;

    /// <summary>Half of the most children of a tree's node.</summary>
    public const int TreeRank = 16;

    private const int MostMessages = 60_000;
    private const int MostMessageBytes = 65_528;
    private readonly Hdf5Block _bytes = new();

    /// <summary>Gets the address behind everything.</summary>
    public long End => start + _bytes.Count;

    /// <summary>Writes a group and all that is in it; gives where it lies.</summary>
    public Hdf5Symbol AddFolder(Hdf5Folder folder)
    {
        List<(byte[] Name, Hdf5Symbol Symbol)> members = [];
        foreach ((string name, Hdf5Folder child) in folder.Folders)
        {
            members.Add((Encoding.UTF8.GetBytes(name), AddFolder(child)));
        }

        foreach ((string name, (WeightEntry entry, long address)) in folder.Tensors)
        {
            members.Add((Encoding.UTF8.GetBytes(name), new Hdf5Symbol(AddTensor(entry, address))));
        }

        members.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        Hdf5Block names = new();
        // The empty name stands at 0: it is the key below all others.
        names.Zeros(Hdf5Block.WordBytes);
        List<int> offsets = [];
        foreach ((byte[] name, _) in members)
        {
            offsets.Add(names.Count);
            names.Raw(name).U8(0).Align();
        }

        const int noFreeSpace = 1;
        long data = Add(names);
        long heap = Add(new Hdf5Block().Raw("HEAP"u8).U32(0).Word(names.Count).Word(noFreeSpace).Word(data));
        long tree = AddTree(members, offsets);
        List<(int Type, Hdf5Block Data)> messages = [(Hdf5MessageType.SymbolTable, new Hdf5Block().Word(tree).Word(heap)), .. AttributeMessages(folder.Attributes)];
        return new Hdf5Symbol(AddHeader(messages), tree, heap);
    }

    public void CopyTo(Stream stream) => stream.Write(_bytes.Span);

    private long Add(Hdf5Block block)
    {
        long address = End;
        _bytes.Raw(block.Align().Span);
        return address;
    }

    private long AddTree(List<(byte[] Name, Hdf5Symbol Symbol)> members, List<int> offsets)
    {
        List<(long Address, int LastName)> nodes = [];
        for (int i = 0; i < members.Count; i += 2 * LeafRank)
        {
            int count = Math.Min(2 * LeafRank, members.Count - i);
            Hdf5Block table = new();
            table.Raw("SNOD"u8).U8(1).U8(0).U16(count);
            for (int k = i; k < i + count; k++)
            {
                members[k].Symbol.Write(table, offsets[k]);
            }

            table.Zeros((2 * LeafRank - count) * Hdf5Symbol.EntryBytes);
            nodes.Add((Add(table), offsets[i + count - 1]));
        }

        int level = 0;
        do
        {
            nodes = AddLevel(nodes, level++);
        }
        while (nodes.Count > 1);
        return nodes[0].Address;
    }

    // A key is the greatest name to its left.
    private List<(long Address, int LastName)> AddLevel(List<(long Address, int LastName)> children, int level)
    {
        const int headBytes = 24;
        int nodeBytes = headBytes + ((4 * TreeRank + 1) * Hdf5Block.WordBytes);
        List<(long Address, int LastName)> nodes = [];
        long first = End;
        int total = Math.Max(1, (children.Count + (2 * TreeRank) - 1) / (2 * TreeRank));
        int before = 0;
        for (int node = 0; node < total; node++)
        {
            int from = node * 2 * TreeRank, to = Math.Min(children.Count, from + (2 * TreeRank));
            Hdf5Block block = new();
            block.Raw("TREE"u8).U8(0).U8(level).U16(to - from);
            block.Word(node == 0 ? Hdf5Source.Undefined : first + ((node - 1L) * nodeBytes));
            block.Word(node == total - 1 ? Hdf5Source.Undefined : first + ((node + 1L) * nodeBytes));
            block.Word(before);
            for (int i = from; i < to; i++)
            {
                before = children[i].LastName;
                block.Word(children[i].Address).Word(before);
            }

            block.Zeros(nodeBytes - block.Count);
            nodes.Add((Add(block), before));
        }

        return nodes;
    }

    private long AddTensor(WeightEntry entry, long address)
    {
        const int late = 2, ifSet = 2, contiguous = 1;
        Hdf5Block type = new();
        Hdf5TypeWriter.Write(type, entry.DataType);
        Hdf5Block fill = new Hdf5Block().U8(2).U8(late).U8(ifSet).U8(1).U32(0);
        Hdf5Block layout = new Hdf5Block().U8(3).U8(contiguous).Word(address).Word(entry.ByteCount);
        List<(int Type, Hdf5Block Data)> messages =
        [
            (Hdf5MessageType.Dataspace, Space(entry.Shape)),
            (Hdf5MessageType.Datatype, type),
            (Hdf5MessageType.Fill, fill),
            (Hdf5MessageType.Layout, layout),
        ];
        if (Hdf5TypeWriter.IsOpaque(entry.DataType))
        {
            messages.AddRange(AttributeMessages([new Hdf5Attribute(Hdf5Dataset.TypeAttribute, [entry.DataType], IsScalar: true, IsText: true)]));
        }

        return AddHeader(messages);
    }

    private static Hdf5Block Space(ReadOnlySpan<long> shape)
    {
        Hdf5Block block = new Hdf5Block().U8(1).U8(shape.Length).Zeros(6);
        foreach (long size in shape)
        {
            block.Word(size);
        }

        return block;
    }

    private List<(int Type, Hdf5Block Data)> AttributeMessages(List<Hdf5Attribute> attributes)
    {
        List<(int Type, Hdf5Block Data)> messages = [];
        long collection = End;
        Hdf5Block texts = new();
        int index = 0;
        foreach (Hdf5Attribute attribute in attributes)
        {
            Hdf5Block type = new(), values = new();
            Hdf5TypeWriter.WriteText(type);
            Hdf5Block space = Space(attribute.IsScalar ? [] : [attribute.Values.Count]);
            foreach (string value in attribute.Values)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(value);
                if (bytes.Length == 0)
                {
                    values.Zeros(Hdf5Block.TextBytes);
                    continue;
                }

                values.U32((uint)bytes.Length).Word(collection).U32((uint)++index);
                texts.U16(index).U16(1).U32(0).Word(bytes.Length).Raw(bytes).Align();
            }

            int nameBytes = Encoding.UTF8.GetByteCount(attribute.Name) + 1;
            Hdf5Block data = new Hdf5Block().U8(1).U8(0).U16(nameBytes).U16(type.Count).U16(space.Count);
            data.Name(attribute.Name).Raw(type.Align().Span).Raw(space.Align().Span).Raw(values.Span);
            messages.Add((Hdf5MessageType.Attribute, data));
        }

        if (index > 0)
        {
            AddCollection(texts, index);
        }

        return messages;
    }

    private void AddCollection(Hdf5Block texts, int count)
    {
        const int headBytes = 16, leastBytes = 4096;
        if (count > MostMessages)
        {
            throw new NotSupportedException($"HDF5: expected at most {MostMessages} texts at a group, got {count}.");
        }

        long bytes = Math.Max(leastBytes, headBytes + texts.Count);
        long free = bytes - headBytes - texts.Count;
        Hdf5Block block = new Hdf5Block().Raw("GCOL"u8).U8(1).Zeros(3).Word(bytes).Raw(texts.Span);
        if (free >= headBytes)
        {
            // The free space is object 0; its size counts its own head.
            block.Word(0).Word(free).Zeros((int)free - headBytes);
        }
        else
        {
            block.Zeros((int)free);
        }

        Add(block);
    }

    private long AddHeader(List<(int Type, Hdf5Block Data)> messages)
    {
        Hdf5Block body = new();
        foreach ((int type, Hdf5Block data) in messages)
        {
            data.Align();
            if (data.Count > MostMessageBytes || messages.Count > MostMessages)
            {
                throw new NotSupportedException($"HDF5: expected at most {MostMessages} attributes of at most {MostMessageBytes} bytes at an object, got {messages.Count}, one of {data.Count} bytes.");
            }

            body.U16(type).U16(data.Count).U32(0).Raw(data.Span);
        }

        return Add(new Hdf5Block().U8(1).U8(0).U16(messages.Count).U32(1).U32((uint)body.Count).U32(0).Raw(body.Span));
    }
}
