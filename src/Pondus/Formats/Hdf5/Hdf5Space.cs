namespace Pondus.Formats.Hdf5;

/// <summary>The sizes of a data set or attribute.</summary>
/// <param name="IsNull">Whether there are no elements, not even one.</param>
/// <param name="Shape">The sizes; none for a single element.</param>
/// <param name="Limits">How far they may grow; -1 without end.</param>
/// <remarks>Source: HDF5 File Format Specification 3.0, section IV.A.2.b.</remarks>
internal sealed record Hdf5Space(bool IsNull, long[] Shape, long[] Limits)
{
    private const int MostRank = 32;

    /// <summary>Reads the sizes.</summary>
    internal static Hdf5Space Read(ref Hdf5Cursor cursor)
    {
        const int nullSpace = 2;
        int version = cursor.U8(), rank = cursor.U8(), flags = cursor.U8(), kind = cursor.U8();
        cursor.Skip(version == 1 ? 4 : 0);
        if (version is not (1 or 2) || rank > MostRank)
        {
            throw cursor.Error($"expected sizes of version 1 or 2 and at most {MostRank} axes, got version {version} and {rank} axes");
        }

        long[] shape = ReadSizes(ref cursor, rank);
        long[] limits = (flags & 1) != 0 ? ReadSizes(ref cursor, rank) : shape;
        return Array.TrueForAll(shape, static size => size >= 0)
            ? new Hdf5Space(version == 2 && kind == nullSpace, shape, limits)
            : throw cursor.Error("expected sizes below 2^63, got more");
    }

    private static long[] ReadSizes(ref Hdf5Cursor cursor, int rank)
    {
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            sizes[i] = cursor.ReadSize();
        }

        return sizes;
    }
}
