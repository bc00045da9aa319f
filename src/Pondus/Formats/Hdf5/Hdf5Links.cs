using System.Text;

namespace Pondus.Formats.Hdf5;

/// <summary>Lists the links of a group, in whichever of the three ways they are kept.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections III.B, III.C (symbol tables), IV.A.2.c, g (links).</remarks>
internal static class Hdf5Links
{
    /// <summary>Says whether an object is a group.</summary>
    internal static bool IsGroup(List<Hdf5Message> messages) =>
        messages.Exists(static message => message.Type is Hdf5MessageType.SymbolTable or Hdf5MessageType.LinkInfo or Hdf5MessageType.Link);

    /// <summary>Reads the links: in the order of their making where the group keeps it, else in the file's order.</summary>
    internal static List<Hdf5Link> Read(Hdf5Source source, List<Hdf5Message> messages)
    {
        List<Hdf5Link> links = [];
        foreach (Hdf5Message message in messages)
        {
            switch (message.Type)
            {
                case Hdf5MessageType.SymbolTable:
                    ReadTable(source, message, links);
                    break;
                case Hdf5MessageType.Link:
                    links.Add(ReadLink(source, message.Data.Span, message.Address));
                    break;
                case Hdf5MessageType.LinkInfo:
                    ReadDense(source, message, links);
                    break;
            }
        }

        bool isOrdered = links.Count > 0 && links.TrueForAll(static link => link.Order >= 0);
        return isOrdered ? [.. links.OrderBy(static link => link.Order)] : links;
    }

    private static void ReadTable(Hdf5Source source, Hdf5Message message, List<Hdf5Link> links)
    {
        Hdf5Cursor cursor = message.Open(source, "a table of symbols");
        long tree = cursor.ReadAddress(), heap = cursor.ReadAddress();
        byte[] names = ReadLocalHeap(source, heap);
        Hdf5Tree1.Visit(source, tree, Hdf5Tree1.Groups, source.SizeBytes, (_, node) => ReadNode(source, node, names, heap, links));
    }

    private static byte[] ReadLocalHeap(Hdf5Source source, long address)
    {
        byte[] head = source.Read(address, 8 + (2 * source.SizeBytes) + source.AddressBytes, "a heap of names");
        source.Expect(head, "HEAP"u8, address, "a heap of names");
        Hdf5Cursor cursor = new(source, head, address, "a heap of names");
        cursor.Skip(8);
        long count = cursor.ReadSize();
        cursor.ReadSize();
        return source.Read(cursor.ReadAddress(), count, "a heap of names");
    }

    private static void ReadNode(Hdf5Source source, long address, byte[] names, long heap, List<Hdf5Link> links)
    {
        const int headBytes = 8, scratchBytes = 16, softLink = 2;
        byte[] head = source.Read(address, headBytes, "a node of symbols");
        source.Expect(head, "SNOD"u8, address, "a node of symbols");
        int count = head[6] | (head[7] << 8);
        int entryBytes = source.SizeBytes + source.AddressBytes + 8 + scratchBytes;
        byte[] entries = source.Read(address + headBytes, (long)count * entryBytes, "a node of symbols");
        Hdf5Cursor cursor = new(source, entries, address + headBytes, "a node of symbols");
        for (int i = 0; i < count; i++)
        {
            string name = ReadName(source, names, cursor.ReadSize(), heap);
            long header = cursor.ReadAddress(), kind = cursor.U32();
            cursor.U32();
            long valueAt = cursor.U32();
            cursor.Skip(scratchBytes - 4);
            links.Add(kind == softLink
                ? new Hdf5Link(name, Hdf5Source.Undefined, ReadName(source, names, valueAt, heap), IsExternal: false, Order: -1)
                : new Hdf5Link(name, header, Target: null, IsExternal: false, Order: -1));
        }
    }

    private static string ReadName(Hdf5Source source, byte[] names, long offset, long heap)
    {
        if (offset < 0 || offset >= names.Length)
        {
            throw source.Error(heap, $"expected a name within {names.Length} bytes, got one at {offset}. It is damaged.");
        }

        ReadOnlySpan<byte> rest = names.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        ReadOnlySpan<byte> name = end < 0 ? rest : rest[..end];
        source.Spend(name.Length);
        return Encoding.UTF8.GetString(name);
    }

    private static void ReadDense(Hdf5Source source, Hdf5Message message, List<Hdf5Link> links)
    {
        Hdf5Cursor cursor = message.Open(source, "a list of links");
        cursor.U8();
        int flags = cursor.U8();
        cursor.Skip((flags & 1) != 0 ? sizeof(long) : 0);
        long heap = cursor.ReadAddress(), tree = cursor.ReadAddress();
        if (heap == Hdf5Source.Undefined)
        {
            return;
        }

        foreach (ReadOnlyMemory<byte> link in ReadIndexed(source, heap, tree, type: 5, headBytes: 4, tailBytes: 0))
        {
            links.Add(ReadLink(source, link.Span, heap));
        }
    }

    /// <summary>Reads what a tree of a heap's identifiers names.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> ReadIndexed(Hdf5Source source, long heapAddress, long tree, int type, int headBytes, int tailBytes)
    {
        Hdf5FractalHeap heap = new(source, heapAddress);
        (int found, List<byte[]> records) = Hdf5Tree2.Read(source, tree);
        if (found != type && records.Count > 0)
        {
            throw source.Error(tree, $"expected a tree of type {type}, got {found}.");
        }

        foreach (byte[] record in records)
        {
            if (record.Length <= headBytes + tailBytes)
            {
                throw source.Error(tree, $"expected records of more than {headBytes + tailBytes} bytes, got {record.Length}.");
            }

            yield return heap.Get(record.AsSpan(headBytes..^tailBytes));
        }
    }

    private static Hdf5Link ReadLink(Hdf5Source source, ReadOnlySpan<byte> bytes, long address)
    {
        const int hard = 0, soft = 1, external = 64;
        Hdf5Cursor cursor = new(source, bytes, address, "a link");
        cursor.U8();
        int flags = cursor.U8();
        int kind = (flags & 8) != 0 ? cursor.U8() : hard;
        long order = (flags & 4) != 0 ? cursor.Number(sizeof(long)) : -1;
        cursor.Skip((flags & 16) != 0 ? 1 : 0);
        long nameBytes = cursor.Number(1 << (flags & 3));
        source.Spend(Math.Max(0, nameBytes));
        string name = Encoding.UTF8.GetString(cursor.Take(nameBytes));
        return kind switch
        {
            hard => new Hdf5Link(name, cursor.ReadAddress(), Target: null, IsExternal: false, order),
            soft => new Hdf5Link(name, Hdf5Source.Undefined, Encoding.UTF8.GetString(cursor.Take(cursor.U16())), IsExternal: false, order),
            external => new Hdf5Link(name, Hdf5Source.Undefined, ReadExternal(cursor.Take(cursor.U16())), IsExternal: true, order),
            _ => new Hdf5Link(name, Hdf5Source.Undefined, $"a link of kind {kind}", IsExternal: true, order),
        };
    }

    // One byte of flags, then the file and the path in it, each ended by a zero.
    private static string ReadExternal(ReadOnlySpan<byte> value) =>
        Encoding.UTF8.GetString(value[Math.Min(1, value.Length)..]).TrimEnd('\0').Replace("\0", ":", StringComparison.Ordinal);
}
