namespace Pondus.Formats.PyTorch;

/// <summary>Keeps the few parts of storages that were used last in memory, for views whose elements lie apart.</summary>
internal sealed class StorageCache
{
    /// <summary>The largest part that a view may be gathered from.</summary>
    public const int MostBytes = 1 << 29;

    private const int Kept = 2;
    private readonly Lock _lock = new();
    private readonly List<(StorageBytes Storage, long Offset, int Count, Lazy<byte[]> Bytes)> _parts = [];

    public byte[] Get(StorageBytes storage, long offset, int count)
    {
        Lazy<byte[]> bytes;
        lock (_lock)
        {
            int index = _parts.FindIndex(part => ReferenceEquals(part.Storage, storage) && part.Offset == offset && part.Count == count);
            if (index < 0)
            {
                bytes = new Lazy<byte[]>(() => Load(storage, offset, count));
                _parts.RemoveRange(0, Math.Max(0, _parts.Count - Kept + 1));
                _parts.Add((storage, offset, count, bytes));
            }
            else
            {
                bytes = _parts[index].Bytes;
            }
        }

        return bytes.Value;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _parts.Clear();
        }
    }

    private static byte[] Load(StorageBytes storage, long offset, int count)
    {
        byte[] bytes = new byte[count];
        storage.Read(offset, bytes);
        return bytes;
    }
}
