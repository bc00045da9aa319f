namespace Pondus.Formats.Hdf5;

/// <summary>How a data set is cut into chunks, and the number that an index gives to each.</summary>
internal sealed class Hdf5ChunkGrid
{
    public Hdf5ChunkGrid(Hdf5Source source, Hdf5Space space, Hdf5Layout layout, Hdf5Type type)
    {
        int rank = space.Shape.Length;
        if (layout.ChunkShape.Length != rank || rank == 0)
        {
            throw source.Error(0, $"expected chunks of {rank} axes, at least one, got {layout.ChunkShape.Length}. It is damaged.");
        }

        Shape = space.Shape;
        Chunk = layout.ChunkShape;
        Kind = layout.Index;
        Counts = new long[rank];
        long[] most = new long[rank];
        int unlimited = -1;
        for (int i = 0; i < rank; i++)
        {
            Counts[i] = Divided(Shape[i], Chunk[i]);
            unlimited = space.Limits[i] < 0 && unlimited < 0 ? i : unlimited;
            most[i] = space.Limits[i] < 0 ? Counts[i] : Divided(Math.Max(space.Limits[i], Shape[i]), Chunk[i]);
        }

        Strides = MakeStrides(source, Kind is Hdf5ChunkIndexKind.Tree1 or Hdf5ChunkIndexKind.Tree2 ? Counts : most, Kind == Hdf5ChunkIndexKind.ExtensibleArray ? unlimited : -1);
        if (!WeightTypes.TryCount([.. Chunk, type.Size], out long bytes))
        {
            throw source.Error(0, $"expected chunks below 2^63 bytes, got ({string.Join(", ", Chunk)}).");
        }

        ChunkBytes = bytes;
        ElementBytes = type.Size;
    }

    public long[] Shape { get; }

    public long[] Chunk { get; }

    public long[] Counts { get; }

    public Hdf5ChunkIndexKind Kind { get; }

    public long ChunkBytes { get; }

    public int ElementBytes { get; }

    /// <summary>Gets what a step along each axis adds to a chunk's number.</summary>
    public long[] Strides { get; }

    /// <summary>Gives the bytes of all chunks that a row of the first axis passes through.</summary>
    public long RowBytes
    {
        get
        {
            long bytes = ChunkBytes;
            for (int i = 1; i < Counts.Length; i++)
            {
                bytes = Counts[i] > 0 && bytes > long.MaxValue / Counts[i] ? long.MaxValue : bytes * Counts[i];
            }

            return bytes;
        }
    }

    /// <summary>Gives the number of the chunk at some place of the grid; -1 when the place is outside.</summary>
    public long NumberOf(ReadOnlySpan<long> place)
    {
        long number = 0;
        for (int i = 0; i < place.Length; i++)
        {
            if (place[i] < 0 || place[i] >= Counts[i])
            {
                return -1;
            }

            number += place[i] * Strides[i];
        }

        return number;
    }

    private static long Divided(long size, long by) => (size / by) + (size % by == 0 ? 0 : 1);

    // An array that grows numbers the chunks with the axis that grows outermost.
    private static long[] MakeStrides(Hdf5Source source, long[] counts, int outermost)
    {
        long[] strides = new long[counts.Length];
        long stride = 1;
        for (int i = counts.Length - 1; i >= -1; i--)
        {
            int axis = i == -1 ? outermost : i;
            if (axis == -1 || (i >= 0 && i == outermost))
            {
                continue;
            }

            strides[axis] = stride;
            long count = Math.Max(1, counts[axis]);
            stride = stride <= long.MaxValue / count ? stride * count : throw source.Error(0, "expected fewer than 2^63 chunks, got more. It is damaged.");
        }

        return strides;
    }
}
