using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>How a tensor is cut into chunks for one pass: whole rows where they are short, equal parts of one row where they are long.</summary>
internal sealed class StatisticsLayout
{
    /// <summary>Bytes of a chunk, at most; it passes through the second-level cache once.</summary>
    public const int ChunkBytes = 1 << 19;

    /// <summary>Elements of a chunk, at most.</summary>
    public const int ChunkElements = ChunkBytes / sizeof(float);

    private readonly WeightLayout _layout;
    private readonly long _count;
    private readonly long _rowLength;
    private readonly long _perChunk;
    private readonly long _chunksPerRow;

    public StatisticsLayout(WeightEntry entry, WeightLayout? layout)
    {
        // The bytes of an unknown type are only hashed.
        _layout = layout ?? new WeightLayout(1, 1);
        _count = layout is null ? entry.ByteCount : entry.Count;
        Rows = layout is not null && entry.Shape.Length >= 2 && _count > 0 ? entry.Shape[0] : 0;
        _rowLength = Rows == 0 ? _count : _count / Rows;
        if (_rowLength % _layout.Elements != 0 || (Rows > 0 && _rowLength == 1))
        {
            // Rows that end within a block, which only types of less than a byte have, and rows of one value, of which nothing can be said.
            Rows = 0;
            _rowLength = _count;
        }

        long most = Math.Min(ChunkElements, ChunkBytes / _layout.Bytes * _layout.Elements) / _layout.Elements * _layout.Elements;
        if (_rowLength <= most)
        {
            _chunksPerRow = 1;
            _perChunk = Math.Max(1, most / Math.Max(1, _rowLength)) * _rowLength;
        }
        else
        {
            long blocks = _rowLength / _layout.Elements, mostBlocks = most / _layout.Elements;
            _chunksPerRow = (blocks + mostBlocks - 1) / mostBlocks;
            _perChunk = (blocks + _chunksPerRow - 1) / _chunksPerRow * _layout.Elements;
            _chunksPerRow = (_rowLength + _perChunk - 1) / _perChunk;
        }

        Chunks = _count == 0 ? 0 : _chunksPerRow == 1 ? (_count + _perChunk - 1) / _perChunk : _count / _rowLength * _chunksPerRow;
    }

    /// <summary>Gets the number of chunks.</summary>
    public long Chunks { get; }

    /// <summary>Gets the number of rows that are looked at one by one; 0 when the tensor has no such rows.</summary>
    public long Rows { get; }

    /// <summary>Says where a chunk lies.</summary>
    public Chunk At(long index)
    {
        long row = index / _chunksPerRow, part = index % _chunksPerRow;
        long first = _chunksPerRow == 1 ? index * _perChunk : (row * _rowLength) + (part * _perChunk);
        long end = _chunksPerRow == 1 ? _count : (row + 1) * _rowLength;
        int elements = (int)Math.Min(_perChunk, end - first);
        return new Chunk(
            first / _layout.Elements * _layout.Bytes,
            elements / _layout.Elements * _layout.Bytes,
            elements,
            _chunksPerRow == 1 ? (int)_rowLength : elements,
            _chunksPerRow == 1 ? first / _rowLength : row,
            EndsRow: _chunksPerRow == 1 || part == _chunksPerRow - 1);
    }

    /// <summary>A chunk: its bytes, its elements, and the rows (or the part of one row) that it holds.</summary>
    internal readonly record struct Chunk(long Offset, int Bytes, int Elements, int RowLength, long Row, bool EndsRow);
}
