namespace Pondus.Formats.Hdf5;

/// <summary>Reads any part of a chunked data set. The index is read at the first use.</summary>
internal sealed class Hdf5ChunkReader(Hdf5Source source, Hdf5ChunkGrid grid, Hdf5Layout layout, Hdf5Filters filters, byte[] fill, Hdf5ChunkCache cache)
{
    /// <summary>The most bytes of chunks that are kept while a row of the first axis is read.</summary>
    public const long MostRowBytes = 1 << 27;

    private const long MostCachedPlain = 1 << 22;
    private readonly Lazy<Hdf5ChunkIndex> _index = new(() => new Hdf5ChunkIndex(source, grid, layout, !filters.IsEmpty));

    public void Read(long offset, Span<byte> destination)
    {
        int rank = grid.Shape.Length, elementBytes = grid.ElementBytes;
        Span<long> chunk = stackalloc long[rank];
        Span<long> within = stackalloc long[rank];
        while (!destination.IsEmpty)
        {
            long rest = offset / elementBytes;
            int skipped = (int)(offset % elementBytes);
            for (int i = rank - 1; i >= 0; i--)
            {
                (rest, long place) = Math.DivRem(rest, grid.Shape[i]);
                (chunk[i], within[i]) = Math.DivRem(place, grid.Chunk[i]);
            }

            // As far as the chunk reaches along the last axis.
            long last = (chunk[^1] * grid.Chunk[^1]) + within[^1];
            long run = (Math.Min(grid.Chunk[^1] - within[^1], grid.Shape[^1] - last) * elementBytes) - skipped;
            int count = (int)Math.Min(run, destination.Length);
            long at = 0;
            for (int i = 0; i < rank; i++)
            {
                at = (at * grid.Chunk[i]) + within[i];
            }

            ReadRun(chunk, (at * elementBytes) + skipped, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    private void ReadRun(ReadOnlySpan<long> chunk, long at, Span<byte> destination)
    {
        if (_index.Value.Find(grid.NumberOf(chunk)) is not { } place)
        {
            Hdf5Fill.Write(fill, at, destination);
            return;
        }

        bool isPlain = filters.IsEmpty || (layout.HasPlainEdges && IsEdge(chunk));
        if (isPlain && grid.ChunkBytes > MostCachedPlain)
        {
            source.ReadData(place.Address + at, destination, "a chunk");
            return;
        }

        byte[] bytes = cache.Get(place.Address, Math.Min(MostRowBytes, grid.RowBytes), () => isPlain ? ReadStored(place.Address, grid.ChunkBytes) : Undo(place));
        if (bytes.Length < at + destination.Length)
        {
            throw source.Error(place.Address, "expected each chunk to belong to one tensor, got one that belongs to two. It is damaged.");
        }

        bytes.AsSpan((int)at, destination.Length).CopyTo(destination);
    }

    private byte[] Undo(Hdf5ChunkPlace place) =>
        filters.Undo(source, ReadStored(place.Address, place.Bytes), place.Mask, (int)grid.ChunkBytes, grid.ElementBytes, place.Address);

    private byte[] ReadStored(long address, long count)
    {
        source.CheckRange(address, count, "a chunk");
        if (count > Math.Max(MostCachedPlain, 2 * grid.ChunkBytes))
        {
            throw source.Error(address, $"expected a chunk of about {grid.ChunkBytes} bytes, got {count}. It is damaged.");
        }

        byte[] bytes = new byte[count];
        source.ReadData(address, bytes, "a chunk");
        return bytes;
    }

    private bool IsEdge(ReadOnlySpan<long> chunk)
    {
        for (int i = 0; i < chunk.Length; i++)
        {
            if ((chunk[i] + 1) * grid.Chunk[i] > grid.Shape[i])
            {
                return true;
            }
        }

        return false;
    }
}
