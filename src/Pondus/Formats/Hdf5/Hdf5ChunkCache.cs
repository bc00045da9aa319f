namespace Pondus.Formats.Hdf5;

/// <summary>The chunks read last, undone from their filters; the oldest leave when there are too many bytes.</summary>
internal sealed class Hdf5ChunkCache
{
    private const long LeastBytes = 1 << 24;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Address, byte[] Bytes)>> _byAddress = [];
    private readonly LinkedList<(long Address, byte[] Bytes)> _byUse = new();
    private long _bytes;

    /// <summary>Gives a chunk by its address, reading it if it is not here, and room for so many bytes beside it.</summary>
    public byte[] Get(long address, long roomBytes, Func<byte[]> read)
    {
        lock (_lock)
        {
            if (_byAddress.TryGetValue(address, out LinkedListNode<(long Address, byte[] Bytes)>? node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Bytes;
            }
        }

        // Outside of the lock: two threads may read one chunk, which costs less than one waiting for the other's.
        byte[] bytes = read();
        lock (_lock)
        {
            if (_byAddress.TryAdd(address, new LinkedListNode<(long Address, byte[] Bytes)>((address, bytes))))
            {
                _byUse.AddFirst(_byAddress[address]);
                _bytes += bytes.Length;
            }

            while (_bytes > Math.Max(LeastBytes, roomBytes) && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _byAddress.Remove(oldest.Value.Address);
                _bytes -= oldest.Value.Bytes.Length;
            }
        }

        return bytes;
    }
}
