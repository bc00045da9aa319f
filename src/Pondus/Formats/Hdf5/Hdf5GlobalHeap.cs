namespace Pondus.Formats.Hdf5;

/// <summary>The collections that keep texts of varying length.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section III.E.</remarks>
internal sealed class Hdf5GlobalHeap(Hdf5Source source)
{
    private readonly Dictionary<long, Dictionary<int, ReadOnlyMemory<byte>>> _collections = [];

    /// <summary>Gets an object of a collection.</summary>
    public ReadOnlyMemory<byte> Get(long address, long index)
    {
        if (!_collections.TryGetValue(address, out Dictionary<int, ReadOnlyMemory<byte>>? objects))
        {
            _collections[address] = objects = ReadCollection(address);
        }

        return index is >= 0 and <= ushort.MaxValue && objects.TryGetValue((int)index, out ReadOnlyMemory<byte> bytes)
            ? bytes
            : throw source.Error(address, $"expected object {index} of a collection, got {objects.Count} others. It is damaged.");
    }

    private Dictionary<int, ReadOnlyMemory<byte>> ReadCollection(long address)
    {
        int headBytes = 8 + source.SizeBytes;
        byte[] head = source.Read(address, headBytes, "a collection of texts");
        source.Expect(head, "GCOL"u8, address, "a collection of texts");
        Hdf5Cursor cursor = new(source, head, address, "a collection of texts");
        cursor.Skip(8);
        byte[] bytes = source.Read(address, cursor.ReadSize(), "a collection of texts");
        cursor = new(source, bytes, address, "a collection of texts");
        cursor.Skip(headBytes);
        cursor.Align();
        Dictionary<int, ReadOnlyMemory<byte>> objects = [];
        while (cursor.Left >= headBytes)
        {
            int index = cursor.U16();
            cursor.Skip(6);
            long count = cursor.ReadSize();
            if (index == 0)
            {
                break;
            }

            cursor.Align();
            int at = cursor.Position;
            cursor.Skip(count);
            cursor.Align();
            objects[index] = bytes.AsMemory(at, (int)count);
        }

        return objects;
    }
}
