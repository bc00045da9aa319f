using System.Numerics;

namespace Pondus.Formats.Hdf5;

/// <summary>Lists the records of a B-tree of version 2, in the tree's order.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section III.A.2.</remarks>
internal sealed class Hdf5Tree2
{
    private const int NodeOverhead = 10;
    private const int MostDepth = 32;

    private readonly Hdf5Source _source;
    private readonly HashSet<long> _nodes = [];
    private readonly List<byte[]> _records = [];
    private readonly int _nodeBytes;
    private readonly int _recordBytes;
    private readonly int _countBytes;
    private readonly int[] _totalBytes;

    private Hdf5Tree2(Hdf5Source source, int nodeBytes, int recordBytes, int depth, long address)
    {
        _source = source;
        _nodeBytes = nodeBytes;
        _recordBytes = recordBytes;
        _totalBytes = new int[depth + 1];
        long most = (nodeBytes - NodeOverhead) / recordBytes;
        _countBytes = WidthOf(most);
        for (int level = 1; level <= depth; level++)
        {
            int pointerBytes = source.AddressBytes + _countBytes + _totalBytes[level - 1];
            long records = (nodeBytes - NodeOverhead - pointerBytes) / (recordBytes + pointerBytes);
            most = most > (long.MaxValue / 2 / (records + 1)) || records < 1
                ? throw source.Error(address, $"expected a tree whose nodes of {nodeBytes} bytes hold records of {recordBytes}, got one of depth {depth}.")
                : ((records + 1) * most) + records;
            _totalBytes[level] = WidthOf(most);
        }
    }

    /// <summary>Reads all records; their type says what they hold.</summary>
    internal static (int Type, List<byte[]> Records) Read(Hdf5Source source, long address)
    {
        int headerBytes = 16 + source.AddressBytes + 2 + source.SizeBytes + 4;
        byte[] header = source.Read(address, headerBytes, "a tree's header");
        source.Expect(header, "BTHD"u8, address, "a tree");
        source.Verify(header, address, "a tree's header");
        Hdf5Cursor cursor = new(source, header, address, "a tree's header");
        cursor.Skip(5);
        int type = cursor.U8();
        long nodeBytes = cursor.U32();
        int recordBytes = cursor.U16(), depth = cursor.U16();
        cursor.Skip(2);
        long root = cursor.ReadAddress();
        int count = cursor.U16();
        if (root == Hdf5Source.Undefined || count == 0)
        {
            return (type, []);
        }

        if (recordBytes == 0 || nodeBytes < NodeOverhead + recordBytes || nodeBytes > source.Length || depth > MostDepth)
        {
            throw source.Error(address, $"expected a tree of at most {MostDepth} levels within the file, got depth {depth}, nodes of {nodeBytes} bytes and records of {recordBytes}.");
        }

        Hdf5Tree2 tree = new(source, (int)nodeBytes, recordBytes, depth, address);
        tree.ReadNode(root, count, depth);
        return (type, tree._records);
    }

    private static int WidthOf(long most) => (BitOperations.Log2((ulong)Math.Max(1, most)) / 8) + 1;

    private void ReadNode(long address, int count, int level)
    {
        if (!_nodes.Add(address))
        {
            throw _source.Error(address, "expected each node of a tree once, got one twice.");
        }

        int pointerBytes = level == 0 ? 0 : _source.AddressBytes + _countBytes + _totalBytes[level - 1];
        long bytes = NodeOverhead + ((long)count * _recordBytes) + ((count + 1L) * pointerBytes);
        if (bytes > _nodeBytes)
        {
            throw _source.Error(address, $"expected a node of at most {_nodeBytes} bytes, got {count} records of {_recordBytes}.");
        }

        byte[] node = _source.Read(address, bytes, "a tree's node");
        _source.Expect(node, level == 0 ? "BTLF"u8 : "BTIN"u8, address, "a tree's node");
        _source.Verify(node, address, "a tree's node");
        Hdf5Cursor cursor = new(_source, node, address, "a tree's node");
        cursor.Skip(6);
        int recordsAt = cursor.Position;
        cursor.Skip((long)count * _recordBytes);
        for (int i = 0; i <= count; i++)
        {
            if (level > 0)
            {
                long child = cursor.ReadAddress(), childCount = cursor.Number(_countBytes);
                cursor.Skip(_totalBytes[level - 1]);
                ReadNode(child, (int)Math.Clamp(childCount, 0, int.MaxValue / 2), level - 1);
            }

            if (i < count)
            {
                _records.Add(node.AsSpan(recordsAt + (i * _recordBytes), _recordBytes).ToArray());
            }
        }
    }
}
