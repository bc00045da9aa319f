namespace Pondus.Formats.PyTorch;

/// <summary>Keeps the few parts that were used last in memory: boxes of views, and storages that had to be inflated.</summary>
internal sealed class StorageCache
{
    private const int Kept = 2;
    private readonly Lock _lock = new();
    private readonly List<(object Owner, long Place, Lazy<byte[]> Bytes)> _parts = [];

    /// <summary>Gives a part, made once as long as it is kept.</summary>
    public byte[] Get(object owner, long place, Func<byte[]> make)
    {
        Lazy<byte[]> bytes;
        lock (_lock)
        {
            int index = _parts.FindIndex(part => ReferenceEquals(part.Owner, owner) && part.Place == place);
            if (index < 0)
            {
                bytes = new Lazy<byte[]>(make);
                _parts.RemoveRange(0, Math.Max(0, _parts.Count - Kept + 1));
                _parts.Add((owner, place, bytes));
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
}
