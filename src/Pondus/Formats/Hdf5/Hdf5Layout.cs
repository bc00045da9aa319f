namespace Pondus.Formats.Hdf5;

/// <summary>The ways to find the chunks of a data set.</summary>
internal enum Hdf5ChunkIndexKind
{
    /// <summary>A B-tree of version 1.</summary>
    Tree1,

    /// <summary>One chunk holds everything.</summary>
    Single,

    /// <summary>All chunks lie one after the other.</summary>
    Implicit,

    /// <summary>An array of fixed length.</summary>
    FixedArray,

    /// <summary>An array that grows.</summary>
    ExtensibleArray,

    /// <summary>A B-tree of version 2.</summary>
    Tree2,
}

/// <summary>Where the bytes of a data set lie.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section IV.A.2.i; version 5 as HDF5 2.0 writes it.</remarks>
internal sealed record Hdf5Layout
{
    private const int MostRank = 33;

    /// <summary>Gets the bytes of a compact data set, else null.</summary>
    public ReadOnlyMemory<byte>? Compact { get; private init; }

    /// <summary>Gets the address of the data, or of the chunks' index.</summary>
    public long Address { get; private init; } = Hdf5Source.Undefined;

    /// <summary>Gets the sizes of a chunk in elements; empty when the data are not chunked.</summary>
    public long[] ChunkShape { get; private init; } = [];

    /// <summary>Gets how chunks are found.</summary>
    public Hdf5ChunkIndexKind Index { get; private init; }

    /// <summary>Gets whether chunks at the edge are stored without filters.</summary>
    public bool HasPlainEdges { get; private init; }

    /// <summary>Gets the stored bytes of a single filtered chunk; -1 when it is not filtered.</summary>
    public long SingleBytes { get; private init; } = -1;

    /// <summary>Gets the filters that a single chunk has not passed.</summary>
    public uint SingleMask { get; private init; }

    /// <summary>Reads a layout.</summary>
    internal static Hdf5Layout Read(Hdf5Source source, Hdf5Message message)
    {
        Hdf5Cursor cursor = message.Open(source, "a layout");
        int version = cursor.U8();
        return version switch
        {
            1 or 2 => ReadOld(ref cursor, message.Data),
            3 or 4 or 5 => ReadNew(ref cursor, message.Data, version),
            _ => throw new Hdf5UnsupportedException($"expected a layout of version 1 to 5, got {version}"),
        };
    }

    private static Hdf5Layout ReadOld(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> data)
    {
        const int compact = 0, chunked = 2;
        int rank = cursor.U8(), kind = cursor.U8();
        cursor.Skip(5);
        long address = kind == compact ? Hdf5Source.Undefined : cursor.ReadAddress();
        long[] sizes = ReadSizes(ref cursor, rank, sizeof(uint));
        switch (kind)
        {
            case compact:
                long count = cursor.U32();
                return new Hdf5Layout { Compact = Slice(ref cursor, data, count) };
            case chunked:
                return new Hdf5Layout { Address = address, ChunkShape = Chunk(ref cursor, sizes) };
            default:
                return new Hdf5Layout { Address = address };
        }
    }

    private static Hdf5Layout ReadNew(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> data, int version)
    {
        const int compact = 0, contiguous = 1, chunked = 2, isVirtual = 3;
        int kind = cursor.U8();
        switch (kind)
        {
            case compact:
                long count = cursor.U16();
                return new Hdf5Layout { Compact = Slice(ref cursor, data, count) };
            case contiguous:
                return new Hdf5Layout { Address = cursor.ReadAddress() };
            case chunked when version == 3:
                int rank = cursor.U8();
                long address = cursor.ReadAddress();
                return new Hdf5Layout { Address = address, ChunkShape = Chunk(ref cursor, ReadSizes(ref cursor, rank, sizeof(uint))) };
            case chunked:
                return ReadIndexed(ref cursor);
            case isVirtual:
                throw new Hdf5UnsupportedException("expected data of its own, got a virtual data set, made of parts of others; no other file is opened");
            default:
                throw new Hdf5UnsupportedException($"expected a layout of a known kind, got {kind}");
        }
    }

    private static Hdf5Layout ReadIndexed(ref Hdf5Cursor cursor)
    {
        const int plainEdges = 1, singleFiltered = 2, arrayBytes = 5, treeBytes = 6;
        int flags = cursor.U8(), rank = cursor.U8(), width = cursor.U8();
        if (width is < 1 or > 8)
        {
            throw cursor.Error($"expected sizes of 1 to 8 bytes, got {width}");
        }

        long[] chunk = Chunk(ref cursor, ReadSizes(ref cursor, rank, width));
        int index = cursor.U8();
        long singleBytes = -1;
        uint singleMask = 0;
        switch (index)
        {
            case (int)Hdf5ChunkIndexKind.Single when (flags & singleFiltered) != 0:
                singleBytes = cursor.ReadSize();
                singleMask = cursor.U32();
                break;
            case (int)Hdf5ChunkIndexKind.Single or (int)Hdf5ChunkIndexKind.Implicit:
                break;
            case (int)Hdf5ChunkIndexKind.FixedArray:
                cursor.Skip(1);
                break;
            case (int)Hdf5ChunkIndexKind.ExtensibleArray:
                cursor.Skip(arrayBytes);
                break;
            case (int)Hdf5ChunkIndexKind.Tree2:
                cursor.Skip(treeBytes);
                break;
            default:
                throw new Hdf5UnsupportedException($"expected an index of chunks of kind 1 to 5, got {index}");
        }

        return new Hdf5Layout
        {
            Address = cursor.ReadAddress(),
            ChunkShape = chunk,
            Index = (Hdf5ChunkIndexKind)index,
            HasPlainEdges = (flags & plainEdges) != 0,
            SingleBytes = singleBytes,
            SingleMask = singleMask,
        };
    }

    // The last size is that of an element, in bytes.
    private static long[] Chunk(ref Hdf5Cursor cursor, long[] sizes) =>
        sizes.Length > 1 && Array.TrueForAll(sizes, static size => size > 0) && WeightTypes.TryCount(sizes, out _)
            ? sizes[..^1]
            : throw cursor.Error($"expected chunks of at least one element, got ({string.Join(", ", sizes)})");

    private static long[] ReadSizes(ref Hdf5Cursor cursor, int rank, int width)
    {
        if (rank > MostRank)
        {
            throw cursor.Error($"expected at most {MostRank - 1} axes, got {rank}");
        }

        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            sizes[i] = cursor.Number(width);
        }

        return sizes;
    }

    private static ReadOnlyMemory<byte> Slice(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> data, long count)
    {
        int at = cursor.Position;
        cursor.Skip(count);
        return data.Slice(at, (int)count);
    }
}
