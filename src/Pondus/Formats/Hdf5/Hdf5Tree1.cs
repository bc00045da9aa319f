namespace Pondus.Formats.Hdf5;

/// <summary>Visits the leaves of a B-tree of version 1: tables of symbols, or chunks.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section III.A.1.</remarks>
internal static class Hdf5Tree1
{
    public const int Groups = 0;
    public const int Chunks = 1;
    private const int MostDepth = 32;

    /// <summary>Receives the key to the left of a leaf's child, and the child's address.</summary>
    public delegate void Visitor(ReadOnlySpan<byte> key, long child);

    /// <summary>Visits all children of all leaves, in the tree's order.</summary>
    public static void Visit(Hdf5Source source, long address, int type, int keyBytes, Visitor visitor) =>
        VisitNode(source, address, type, keyBytes, level: -1, visitor, []);

    private static void VisitNode(Hdf5Source source, long address, int type, int keyBytes, int level, Visitor visitor, HashSet<long> nodes)
    {
        if (!nodes.Add(address))
        {
            throw source.Error(address, "expected each node of a tree once, got one twice.");
        }

        int headBytes = 8 + (2 * source.AddressBytes);
        byte[] head = source.Read(address, headBytes, "a tree's node");
        source.Expect(head, "TREE"u8, address, "a tree's node");
        Hdf5Cursor cursor = new(source, head, address, "a tree's node");
        cursor.Skip(4);
        int nodeType = cursor.U8(), nodeLevel = cursor.U8(), count = cursor.U16();
        if (nodeType != type || (level >= 0 && nodeLevel != level) || nodeLevel > MostDepth)
        {
            throw source.Error(address, $"expected a tree's node of type {type}{(level < 0 ? string.Empty : $" and level {level}")}, got type {nodeType}, level {nodeLevel}.");
        }

        byte[] entries = source.Read(address + headBytes, (long)count * (keyBytes + source.AddressBytes), "a tree's node");
        cursor = new(source, entries, address + headBytes, "a tree's node");
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> key = cursor.Take(keyBytes);
            long child = cursor.ReadAddress();
            if (nodeLevel == 0)
            {
                visitor(key, child);
            }
            else
            {
                VisitNode(source, child, type, keyBytes, nodeLevel - 1, visitor, nodes);
            }
        }
    }
}
