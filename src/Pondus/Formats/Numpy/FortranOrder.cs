namespace Pondus.Formats.Numpy;

/// <summary>Gives row-major bytes of an array whose first axis varies fastest.</summary>
/// <remarks>
/// Keeps a slab of rows in memory, at most 32 MiB or one row: the file is read from front to back for each slab, in runs of as
/// many elements as the slab has rows, or wholly where those runs would be short.
/// </remarks>
internal sealed class FortranOrder(WeightBytesReader reader, long[] shape, long itemBytes)
{
    private const long SlabBytes = 1 << 25;
    private const int ShortRunBytes = 1 << 9;
    private const int PartBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly long _rows = shape[0];
    private readonly long _columns = shape.Skip(1).Aggregate(1L, static (product, size) => product * size);
    private byte[]? _slab;
    private long _firstRow;

    public void Read(long offset, Span<byte> destination)
    {
        long rowBytes = _columns * itemBytes, slabRows = Math.Clamp(SlabBytes / rowBytes, 1, _rows);
        lock (_lock)
        {
            while (!destination.IsEmpty)
            {
                long firstRow = offset / rowBytes / slabRows * slabRows;
                if (_slab is null || firstRow != _firstRow)
                {
                    _slab = Load(firstRow, Math.Min(slabRows, _rows - firstRow));
                    _firstRow = firstRow;
                }

                long skip = offset - (firstRow * rowBytes);
                int count = (int)Math.Min(destination.Length, _slab.Length - skip);
                _slab.AsSpan((int)skip, count).CopyTo(destination);
                destination = destination[count..];
                offset += count;
            }

            // Who reads from front to back is done: an archive of many arrays must not keep a slab of each.
            _slab = offset == _rows * rowBytes ? null : _slab;
        }
    }

    private byte[] Load(long firstRow, long rows)
    {
        byte[] slab = new byte[rows * _columns * itemBytes];
        bool isSeeking = rows < _rows && (rows * itemBytes >= ShortRunBytes || _rows * itemBytes > SlabBytes);
        long columnBytes = (isSeeking ? rows : _rows) * itemBytes;
        long columnsAPart = isSeeking ? 1 : Math.Clamp(PartBytes / columnBytes, 1, _columns);
        byte[] part = new byte[columnsAPart * columnBytes];
        long[] place = new long[shape.Length];
        for (long column = 0; column < _columns; column += columnsAPart)
        {
            int columns = (int)Math.Min(columnsAPart, _columns - column);
            reader(((column * _rows) + (isSeeking ? firstRow : 0)) * itemBytes, part.AsSpan(0, (int)(columns * columnBytes)));
            for (int i = 0; i < columns; i++)
            {
                Scatter(part.AsSpan((int)((i * columnBytes) + (isSeeking ? 0 : firstRow * itemBytes)), (int)(rows * itemBytes)), slab, RowMajor(place));
                Advance(place);
            }
        }

        return slab;
    }

    private void Scatter(ReadOnlySpan<byte> run, byte[] slab, long column)
    {
        int size = (int)itemBytes;
        for (int i = 0; i < run.Length / size; i++)
        {
            run.Slice(i * size, size).CopyTo(slab.AsSpan((int)(((i * _columns) + column) * size), size));
        }
    }

    private long RowMajor(long[] place)
    {
        long column = 0;
        for (int axis = 1; axis < shape.Length; axis++)
        {
            column = (column * shape[axis]) + place[axis];
        }

        return column;
    }

    private void Advance(long[] place)
    {
        for (int axis = 1; axis < shape.Length && ++place[axis] == shape[axis]; axis++)
        {
            place[axis] = 0;
        }
    }
}
