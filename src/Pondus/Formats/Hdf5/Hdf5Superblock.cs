namespace Pondus.Formats.Hdf5;

/// <summary>The first block of a file: how wide numbers are, and where the root group is.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section II.A (versions 0 to 3).</remarks>
internal static class Hdf5Superblock
{
    private const int SignatureBytes = 8;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Gives the offset of the superblock within the beginning of a file, or -1.</summary>
    internal static int Find(ReadOnlySpan<byte> head)
    {
        const int first = 512;
        for (int at = 0; at <= head.Length - SignatureBytes; at = at == 0 ? first : 2 * at)
        {
            if (head[at..].StartsWith(Signature))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Reads the superblock; gives the file by its addresses, and that of the root group's header.</summary>
    internal static (Hdf5Source Source, long Root) Read(Hdf5Source file)
    {
        const int longest = 128, versionAt = SignatureBytes;
        long start = FindStart(file);
        Hdf5Source source = file with { Base = start };
        byte[] bytes = source.Read(0, Math.Min(longest, file.Length - start), "the superblock");
        int version = bytes.Length > versionAt ? bytes[versionAt] : -1;
        return version switch
        {
            0 or 1 => ReadOld(source, bytes, version),
            2 or 3 => ReadNew(source, bytes),
            _ => throw source.Error(versionAt, $"expected a superblock of version 0 to 3, got {version}. The file is damaged, or newer than this reader."),
        };
    }

    private static long FindStart(Hdf5Source file)
    {
        const long first = 512;
        Span<byte> bytes = stackalloc byte[SignatureBytes];
        for (long at = 0; at <= file.Length - SignatureBytes; at = at == 0 ? first : 2 * at)
        {
            file.Bytes(at, bytes);
            if (bytes.SequenceEqual(Signature))
            {
                return at;
            }
        }

        throw file.Error(0, "expected the signature of HDF5 at byte 0, 512, 1024, ..., got none.");
    }

    private static (Hdf5Source Source, long Root) ReadOld(Hdf5Source source, byte[] bytes, int version)
    {
        const int widthsAt = 13, treeSizes = 9;
        Hdf5Cursor cursor = new(source, bytes, 0, "the superblock");
        cursor.Skip(widthsAt);
        source = Widths(source, cursor.U8(), cursor.U8());
        cursor = new(source, bytes, 0, "the superblock");
        cursor.Skip(widthsAt + 2 + treeSizes + (version == 1 ? 4 : 0));
        cursor.Skip(2 * source.AddressBytes);
        CheckEnd(source, cursor.ReadAddress());
        cursor.Skip(2 * source.AddressBytes);
        return (source, cursor.ReadAddress());
    }

    private static (Hdf5Source Source, long Root) ReadNew(Hdf5Source source, byte[] bytes)
    {
        const int widthsAt = 9;
        Hdf5Cursor cursor = new(source, bytes, 0, "the superblock");
        cursor.Skip(widthsAt);
        source = Widths(source, cursor.U8(), cursor.U8());
        cursor = new(source, bytes, 0, "the superblock");
        cursor.Skip(widthsAt + 3);
        cursor.Skip(2 * source.AddressBytes);
        CheckEnd(source, cursor.ReadAddress());
        long root = cursor.ReadAddress();
        cursor.U32();
        source.Verify(bytes.AsSpan(0, cursor.Position), 0, "the superblock");
        return (source, root);
    }

    private static Hdf5Source Widths(Hdf5Source source, int addressBytes, int sizeBytes) =>
        addressBytes is 2 or 4 or 8 && sizeBytes is 2 or 4 or 8
            ? source with { AddressBytes = addressBytes, SizeBytes = sizeBytes }
            : throw source.Error(SignatureBytes, $"expected addresses and sizes of 2, 4 or 8 bytes, got {addressBytes} and {sizeBytes}.");

    private static void CheckEnd(Hdf5Source source, long end)
    {
        if (end > source.Length)
        {
            throw source.Error(0, $"expected a file of {end} bytes, got {source.Length}. It is cut short.");
        }
    }
}
