using System.Buffers.Binary;

namespace Pondus.Formats.Hdf5;

/// <summary>Finds the chunks of a data set by their numbers; those that are absent hold the fill value.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section VII (appendix C), and III.A for trees.</remarks>
internal sealed class Hdf5ChunkIndex
{
    private readonly Hdf5Source _source;
    private readonly Hdf5ChunkGrid _grid;
    private readonly Dictionary<long, Hdf5ChunkPlace> _places = [];
    private readonly long _first = Hdf5Source.Undefined;

    public Hdf5ChunkIndex(Hdf5Source source, Hdf5ChunkGrid grid, Hdf5Layout layout, bool isFiltered)
    {
        _source = source;
        _grid = grid;
        if (layout.Address == Hdf5Source.Undefined)
        {
            return;
        }

        switch (layout.Index)
        {
            case Hdf5ChunkIndexKind.Tree1:
                ReadTree1(layout.Address);
                break;
            case Hdf5ChunkIndexKind.Single:
                _places[0] = new Hdf5ChunkPlace(layout.Address, isFiltered && layout.SingleBytes >= 0 ? layout.SingleBytes : grid.ChunkBytes, isFiltered ? layout.SingleMask : 0);
                break;
            case Hdf5ChunkIndexKind.Implicit:
                _first = layout.Address;
                break;
            case Hdf5ChunkIndexKind.Tree2:
                ReadTree2(layout.Address, isFiltered);
                break;
            default:
                Hdf5ChunkArray array = new(source, isFiltered, grid.ChunkBytes, (number, place) => _places[number] = place);
                if (layout.Index == Hdf5ChunkIndexKind.FixedArray)
                {
                    array.ReadFixed(layout.Address);
                }
                else
                {
                    array.ReadExtensible(layout.Address);
                }

                break;
        }
    }

    /// <summary>Gives the place of a chunk, or null when it was never written.</summary>
    public Hdf5ChunkPlace? Find(long number)
    {
        if (_first != Hdf5Source.Undefined)
        {
            return number <= (long.MaxValue - _first) / _grid.ChunkBytes
                ? new Hdf5ChunkPlace(_first + (number * _grid.ChunkBytes), _grid.ChunkBytes, 0)
                : throw _source.Error(_first, $"expected chunk {number} within the file, got one beyond. It is damaged.");
        }

        return _places.TryGetValue(number, out Hdf5ChunkPlace place) ? place : null;
    }

    private void ReadTree1(long address)
    {
        int rank = _grid.Counts.Length;
        Hdf5Tree1.Visit(_source, address, Hdf5Tree1.Chunks, 8 + (8 * (rank + 1)), (key, child) =>
        {
            Span<long> place = stackalloc long[rank];
            for (int i = 0; i < rank; i++)
            {
                place[i] = BinaryPrimitives.ReadInt64LittleEndian(key[(8 + (8 * i))..]) / _grid.Chunk[i];
            }

            Add(place, new Hdf5ChunkPlace(child, BinaryPrimitives.ReadUInt32LittleEndian(key), BinaryPrimitives.ReadUInt32LittleEndian(key[4..])));
        });
    }

    private void ReadTree2(long address, bool isFiltered)
    {
        const int plainRecords = 10, filteredRecords = 11, maskBytes = 4;
        (int type, List<byte[]> records) = Hdf5Tree2.Read(_source, address);
        int rank = _grid.Counts.Length;
        if (records.Count > 0 && type != (isFiltered ? filteredRecords : plainRecords))
        {
            throw _source.Error(address, $"expected a tree of chunks, got one of type {type}. It is damaged.");
        }

        Span<long> place = stackalloc long[rank];
        foreach (byte[] record in records)
        {
            Hdf5Cursor cursor = new(_source, record, address, "a chunk's record");
            long chunk = cursor.ReadAddress();
            long bytes = _grid.ChunkBytes;
            uint mask = 0;
            if (isFiltered)
            {
                bytes = cursor.Number(Math.Clamp(record.Length - _source.AddressBytes - maskBytes - (8 * rank), 0, sizeof(long)));
                mask = cursor.U32();
            }

            for (int i = 0; i < rank; i++)
            {
                place[i] = cursor.Number(sizeof(long));
            }

            Add(place, new Hdf5ChunkPlace(chunk, bytes, mask));
        }
    }

    private void Add(ReadOnlySpan<long> place, Hdf5ChunkPlace chunk)
    {
        long number = _grid.NumberOf(place);
        if (number >= 0 && chunk.Address != Hdf5Source.Undefined)
        {
            _places[number] = chunk;
        }
    }
}
