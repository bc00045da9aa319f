namespace Pondus.Formats.Hdf5;

/// <summary>Reads the messages of an object: a group, a data set or a committed type.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections IV.A.1.a (version 1), b (version 2) and IV.A.2 (shared messages).</remarks>
internal sealed class Hdf5ObjectHeader
{
    private const byte SharedFlag = 2;
    private const int ChecksumBytes = 4;

    private readonly Hdf5Source _source;
    private readonly List<Hdf5Message> _messages = [];
    private readonly HashSet<long> _blocks = [];
    private readonly bool _followsShared;

    private Hdf5ObjectHeader(Hdf5Source source, bool followsShared)
    {
        _source = source;
        _followsShared = followsShared;
    }

    /// <summary>Reads all messages of the object at an address.</summary>
    internal static List<Hdf5Message> Read(Hdf5Source source, long address) => Read(source, address, followsShared: true);

    /// <summary>Gives the first message of a type, or null.</summary>
    internal static Hdf5Message? Find(List<Hdf5Message> messages, int type)
    {
        int index = messages.FindIndex(message => message.Type == type);
        return index < 0 ? null : messages[index];
    }

    /// <summary>Gives the content that a shared message stands for.</summary>
    internal static Hdf5Message Resolve(Hdf5Source source, int type, Hdf5Cursor cursor)
    {
        const int heap = 1;
        int version = cursor.U8(), kind = cursor.U8();
        if (version == 1)
        {
            cursor.Skip(6);
        }

        if (version is < 1 or > 3 || (version == 3 && kind == heap))
        {
            throw new Hdf5UnsupportedException($"expected a message in the header of an object, got one of the file's heap of shared messages (version {version}, kind {kind})");
        }

        long address = cursor.ReadAddress();
        return Find(Read(source, address, followsShared: false), type)
            ?? throw source.Error(address, $"expected the shared message of type {type}, got an object without it.");
    }

    private static List<Hdf5Message> Read(Hdf5Source source, long address, bool followsShared)
    {
        const int prefixBytes = 16;
        Hdf5ObjectHeader header = new(source, followsShared);
        byte[] prefix = source.Read(address, Math.Min(prefixBytes, Math.Max(0, source.Length - source.Base - Math.Max(0, address))), "an object's header");
        if (prefix.AsSpan().StartsWith("OHDR"u8))
        {
            header.ReadNew(address);
        }
        else
        {
            header.ReadOld(address, prefix);
        }

        return header._messages;
    }

    private void ReadOld(long address, byte[] prefix)
    {
        const int prefixBytes = 16;
        Hdf5Cursor cursor = new(_source, prefix, address, "an object's header");
        int version = cursor.U8();
        if (version != 1)
        {
            throw _source.Error(address, $"expected an object's header of version 1 or 2, got {version}.");
        }

        cursor.Skip(7);
        Queue<(long Address, long Count)> blocks = new();
        blocks.Enqueue((address + prefixBytes, cursor.U32()));
        while (blocks.TryDequeue(out (long Address, long Count) block))
        {
            ReadOldBlock(block.Address, block.Count, blocks);
        }
    }

    private void ReadOldBlock(long address, long count, Queue<(long Address, long Count)> blocks)
    {
        const int messageBytes = 8;
        byte[] bytes = ReadBlock(address, count);
        Hdf5Cursor cursor = new(_source, bytes, address, "an object's header");
        while (cursor.Left >= messageBytes)
        {
            int type = cursor.U16(), size = cursor.U16();
            byte flags = cursor.U8();
            cursor.Skip(3);
            Add(type, flags, bytes.AsMemory(cursor.Position, CheckSize(ref cursor, size)), cursor.Address, blocks);
            cursor.Skip(size);
        }
    }

    private void ReadNew(long address)
    {
        const int longest = 4 + 2 + 16 + 4 + 8;
        byte[] head = _source.Read(address, Math.Min(longest, _source.Length - _source.Base - address), "an object's header");
        Hdf5Cursor cursor = new(_source, head, address, "an object's header");
        cursor.Skip(4);
        int version = cursor.U8(), flags = cursor.U8();
        if (version != 2)
        {
            throw _source.Error(address, $"expected an object's header of version 2, got {version}.");
        }

        cursor.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        long count = cursor.Number(1 << (flags & 3));
        int messagesAt = cursor.Position;
        bool hasOrder = (flags & 4) != 0;
        Queue<(long Address, long Count)> blocks = new();
        if (count < 0 || count > _source.Length)
        {
            throw _source.Error(address, $"expected an object's header within the file, got {count} bytes.");
        }

        ReadNewBlock(address, messagesAt + count + ChecksumBytes, messagesAt, hasOrder, blocks);
        while (blocks.TryDequeue(out (long Address, long Count) block))
        {
            ReadNewBlock(block.Address, block.Count, messagesAt: 4, hasOrder, blocks);
        }
    }

    private void ReadNewBlock(long address, long count, int messagesAt, bool hasOrder, Queue<(long Address, long Count)> blocks)
    {
        byte[] bytes = ReadBlock(address, count);
        if (bytes.Length < messagesAt + ChecksumBytes || !(bytes.AsSpan().StartsWith("OHDR"u8) || bytes.AsSpan().StartsWith("OCHK"u8)))
        {
            throw _source.Error(address, "expected a block of an object's header, got other bytes.");
        }

        _source.Verify(bytes, address, "an object's header");
        int messageBytes = hasOrder ? 6 : 4;
        Hdf5Cursor cursor = new(_source, bytes.AsSpan(0, bytes.Length - ChecksumBytes), address, "an object's header");
        cursor.Skip(messagesAt);
        while (cursor.Left >= messageBytes)
        {
            int type = cursor.U8(), size = cursor.U16();
            byte flags = cursor.U8();
            cursor.Skip(hasOrder ? 2 : 0);
            Add(type, flags, bytes.AsMemory(cursor.Position, CheckSize(ref cursor, size)), cursor.Address, blocks);
            cursor.Skip(size);
        }
    }

    private static int CheckSize(ref Hdf5Cursor cursor, int size) =>
        size <= cursor.Left ? size : throw cursor.Error($"expected a message within its block of {cursor.Left} bytes, got {size}");

    private byte[] ReadBlock(long address, long count) => _blocks.Add(address)
        ? _source.Read(address, count, "an object's header")
        : throw _source.Error(address, "expected a block of an object's header once, got it twice.");

    private void Add(int type, byte flags, ReadOnlyMemory<byte> data, long address, Queue<(long Address, long Count)> blocks)
    {
        Hdf5Cursor cursor = new(_source, data.Span, address, "a message");
        if (type == Hdf5MessageType.Continuation)
        {
            blocks.Enqueue((cursor.ReadAddress(), cursor.ReadSize()));
        }
        else if ((flags & SharedFlag) == 0)
        {
            _messages.Add(new Hdf5Message(type, data, address));
        }
        else if (_followsShared && type is Hdf5MessageType.Dataspace or Hdf5MessageType.Datatype or Hdf5MessageType.Fill or Hdf5MessageType.Filters)
        {
            _messages.Add(Resolve(_source, type, cursor));
        }
    }
}
