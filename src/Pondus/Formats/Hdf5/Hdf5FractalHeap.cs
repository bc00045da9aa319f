using System.Numerics;

namespace Pondus.Formats.Hdf5;

/// <summary>The heap that keeps the links or attributes of an object that has many.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section III.G. Heaps whose blocks are filtered are not read.</remarks>
internal sealed class Hdf5FractalHeap
{
    private const byte ChecksumFlag = 2;

    private readonly Hdf5Source _source;
    private readonly long _address;
    private readonly int _idBytes;
    private readonly bool _hasChecksums;
    private readonly long _hugeTree;
    private readonly int _width;
    private readonly long _startBytes;
    private readonly long _mostDirectBytes;
    private readonly int _offsetBytes;
    private readonly int _lengthBytes;
    private readonly List<(long Offset, byte[] Bytes)> _blocks = [];
    private readonly HashSet<long> _visited = [];
    private Dictionary<long, (long Address, long Count)>? _huge;

    public Hdf5FractalHeap(Hdf5Source source, long address)
    {
        _source = source;
        _address = address;
        int headerBytes = 22 + (12 * source.SizeBytes) + (3 * source.AddressBytes) + 4;
        byte[] header = source.Read(address, headerBytes, "a heap's header");
        source.Expect(header, "FRHP"u8, address, "a heap");
        Hdf5Cursor cursor = new(source, header, address, "a heap's header");
        cursor.Skip(5);
        _idBytes = cursor.U16();
        int filterBytes = cursor.U16();
        _hasChecksums = (cursor.U8() & ChecksumFlag) != 0;
        long mostManaged = cursor.U32();
        cursor.Skip(source.SizeBytes);
        _hugeTree = cursor.ReadAddress();
        cursor.Skip(source.SizeBytes + source.AddressBytes + (8 * source.SizeBytes));
        _width = cursor.U16();
        _startBytes = cursor.ReadSize();
        _mostDirectBytes = cursor.ReadSize();
        int heapBits = cursor.U16();
        cursor.U16();
        long root = cursor.ReadAddress();
        int rows = cursor.U16();
        if (filterBytes != 0)
        {
            throw new Hdf5UnsupportedException("expected links and attributes as they are, got compressed ones");
        }

        source.Verify(header, address, "a heap's header");
        if (_width == 0 || heapBits is 0 or > 64 || !IsPower(_startBytes) || !IsPower(_mostDirectBytes) || _mostDirectBytes < _startBytes || !IsPower(_width))
        {
            throw source.Error(address, $"expected a heap whose blocks double in size, got width {_width}, blocks of {_startBytes} to {_mostDirectBytes} bytes and {heapBits} bits.");
        }

        _offsetBytes = (heapBits + 7) / 8;
        _lengthBytes = Math.Min(WidthOf(_mostDirectBytes), WidthOf(Math.Max(1, mostManaged)));
        if (root != Hdf5Source.Undefined)
        {
            ReadRoot(root, rows);
        }
    }

    /// <summary>Gets the bytes of an object by its identifier.</summary>
    public ReadOnlyMemory<byte> Get(ReadOnlySpan<byte> id)
    {
        const int managed = 0, huge = 1, tiny = 2;
        int kind = id.IsEmpty ? -1 : (id[0] >> 4) & 3;
        return kind switch
        {
            managed => GetManaged(id),
            huge => GetHuge(id),
            tiny => GetTiny(id),
            _ => throw _source.Error(_address, $"expected an identifier of a heap's object, got {Convert.ToHexStringLower(id)}."),
        };
    }

    private static int WidthOf(long size) => (BitOperations.Log2((ulong)size) + 7) / 8;

    private static bool IsPower(long size) => size > 0 && BitOperations.IsPow2(size);

    private ReadOnlyMemory<byte> GetManaged(ReadOnlySpan<byte> id)
    {
        Hdf5Cursor cursor = new(_source, id, _address, "an identifier of a heap's object");
        cursor.U8();
        long offset = cursor.Number(_offsetBytes), count = cursor.Number(_lengthBytes);
        int low = 0, high = _blocks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _blocks[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
        }

        if (_blocks.Count > 0 && offset >= _blocks[low].Offset && count >= 0)
        {
            (long start, byte[] bytes) = _blocks[low];
            if (offset - start <= bytes.Length && count <= bytes.Length - (offset - start))
            {
                return bytes.AsMemory((int)(offset - start), (int)count);
            }
        }

        throw _source.Error(_address, $"expected {count} bytes at {offset} of a heap within one of its blocks, got none.");
    }

    private ReadOnlyMemory<byte> GetHuge(ReadOnlySpan<byte> id)
    {
        Hdf5Cursor cursor = new(_source, id, _address, "an identifier of a heap's object");
        cursor.U8();
        if (_idBytes - 1 >= _source.AddressBytes + _source.SizeBytes)
        {
            return _source.Read(cursor.ReadAddress(), cursor.ReadSize(), "a heap's large object");
        }

        _huge ??= ReadHuge();
        long key = cursor.Number(Math.Min(cursor.Left, sizeof(long)));
        return _huge.TryGetValue(key, out (long Address, long Count) place)
            ? _source.Read(place.Address, place.Count, "a heap's large object")
            : throw _source.Error(_address, $"expected the large object {key} of a heap, got {_huge.Count} others.");
    }

    private Dictionary<long, (long Address, long Count)> ReadHuge()
    {
        const int plainRecords = 1;
        (int type, List<byte[]> records) = Hdf5Tree2.Read(_source, _hugeTree);
        if (type != plainRecords)
        {
            throw new Hdf5UnsupportedException($"expected large objects of a heap as they are, got a tree of type {type}");
        }

        Dictionary<long, (long Address, long Count)> places = [];
        foreach (byte[] record in records)
        {
            Hdf5Cursor cursor = new(_source, record, _hugeTree, "a tree's record");
            (long Address, long Count) place = (cursor.ReadAddress(), cursor.ReadSize());
            places[cursor.ReadSize()] = place;
        }

        return places;
    }

    private ReadOnlyMemory<byte> GetTiny(ReadOnlySpan<byte> id)
    {
        const int shortIds = 18;
        bool isLong = _idBytes > shortIds;
        int head = isLong ? 2 : 1;
        int count = id.Length < head ? -1 : (isLong ? ((id[0] & 0x0f) << 8) | id[1] : id[0] & 0x0f) + 1;
        return count >= 0 && count <= id.Length - head
            ? id.Slice(head, count).ToArray()
            : throw _source.Error(_address, $"expected {count} bytes in an identifier of a heap's object, got {id.Length}.");
    }

    private void ReadRoot(long root, int rows)
    {
        if (rows == 0)
        {
            ReadDirect(root, _startBytes, 0);
        }
        else
        {
            ReadIndirect(root, rows, 0);
        }

        _blocks.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
    }

    private void Visit(long address)
    {
        if (!_visited.Add(address))
        {
            throw _source.Error(address, "expected each block of a heap once, got one twice.");
        }
    }

    private void ReadDirect(long address, long count, long offset)
    {
        Visit(address);
        byte[] bytes = _source.Read(address, count, "a heap's block");
        _source.Expect(bytes, "FHDB"u8, address, "a heap's block");
        if (_hasChecksums)
        {
            VerifyDirect(bytes, address);
        }

        _blocks.Add((offset, bytes));
    }

    // The checksum lies in front of the data, and counts as zero in itself.
    private void VerifyDirect(byte[] bytes, long address)
    {
        int at = 5 + _source.AddressBytes + _offsetBytes;
        Hdf5Cursor cursor = new(_source, bytes, address, "a heap's block");
        cursor.Skip(at);
        uint stored = cursor.U32();
        byte[] copy = [.. bytes];
        copy.AsSpan(at, sizeof(uint)).Clear();
        uint computed = Hdf5Checksums.Lookup3(copy);
        if (stored != computed)
        {
            throw _source.Error(address, $"expected a heap's block with the checksum {stored:x8}, got bytes with {computed:x8}. It is damaged.");
        }
    }

    private void ReadIndirect(long address, int rows, long offset)
    {
        Visit(address);
        long childBytes = _startBytes;
        int directRows = BitOperations.Log2((ulong)_mostDirectBytes) - BitOperations.Log2((ulong)_startBytes) + 2;
        long bytes = 5 + _source.AddressBytes + _offsetBytes + ((long)rows * _width * _source.AddressBytes) + 4;
        byte[] block = _source.Read(address, bytes, "a heap's block of blocks");
        _source.Expect(block, "FHIB"u8, address, "a heap's block of blocks");
        _source.Verify(block, address, "a heap's block of blocks");
        Hdf5Cursor cursor = new(_source, block, address, "a heap's block of blocks");
        cursor.Skip(5 + _source.AddressBytes + _offsetBytes);
        for (int row = 0; row < rows; row++)
        {
            // The first two rows have blocks of the first size; from there sizes double.
            childBytes = row > 1 ? Double(childBytes, address) : childBytes;
            for (int i = 0; i < _width; i++)
            {
                long child = cursor.ReadAddress();
                if (child != Hdf5Source.Undefined)
                {
                    ReadChild(child, childBytes, offset, row < directRows);
                }

                offset = offset <= long.MaxValue - childBytes ? offset + childBytes : throw TooLarge(address);
            }
        }
    }

    private void ReadChild(long address, long bytes, long offset, bool isDirect)
    {
        if (isDirect)
        {
            ReadDirect(address, bytes, offset);
            return;
        }

        int rows = BitOperations.Log2((ulong)bytes) - BitOperations.Log2((ulong)(_startBytes * _width)) + 1;
        ReadIndirect(address, Math.Max(1, rows), offset);
    }

    private long Double(long bytes, long address) => bytes <= long.MaxValue / 2 ? 2 * bytes : throw TooLarge(address);

    private WeightFormatException TooLarge(long address) => _source.Error(address, "expected a heap of fewer than 2^63 bytes, got more rows of blocks.");
}
