namespace Pondus.Formats.Hdf5;

/// <summary>The bytes of an HDF5 file, which may be a part of another file, by the addresses that the format uses.</summary>
/// <remarks>
/// Reading metadata costs from a budget, so that a file that names the same bytes again and again comes to an end.
/// </remarks>
internal sealed record Hdf5Source(string Path, long Start, long Length, WeightBytesReader Bytes)
{
    /// <summary>The address that means "nowhere".</summary>
    public const long Undefined = -1;

    /// <summary>Gets what the bytes are about, for complaints; empty while the file as a whole is opened.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Gets the offset of address 0: where the superblock lies.</summary>
    public long Base { get; init; }

    /// <summary>Gets the bytes of an address.</summary>
    public int AddressBytes { get; init; } = sizeof(long);

    /// <summary>Gets the bytes of a size.</summary>
    public int SizeBytes { get; init; } = sizeof(long);

    private BudgetBox Budget { get; init; } = new(Length);

    /// <summary>Reads metadata whose size comes from the file: it is checked before memory is taken.</summary>
    public byte[] Read(long address, long count, string what)
    {
        CheckRange(address, count, what);
        Spend(count);
        byte[] bytes = new byte[count];
        Bytes(Base + address, bytes);
        return bytes;
    }

    /// <summary>Fills the destination with data.</summary>
    public void ReadData(long address, Span<byte> destination, string what)
    {
        CheckRange(address, destination.Length, what);
        Bytes(Base + address, destination);
    }

    /// <summary>Throws when bytes do not lie in the file.</summary>
    public void CheckRange(long address, long count, string what)
    {
        if (address < 0 || count < 0 || Length - Base < count || address > Length - Base - count)
        {
            string place = address < 0 ? "no address" : $"{count} bytes at address {address} of a file of {Length}";
            throw Error(Math.Clamp(address, 0, Length), $"expected {what} within the file, got {place}. It is damaged or cut short.");
        }
    }

    /// <summary>Takes from the budget of metadata.</summary>
    public void Spend(long count)
    {
        if (Budget.Take(count) < 0)
        {
            throw Error(0, "expected each part of the file to be used about once, got parts that are used again and again. It is damaged.");
        }
    }

    /// <summary>Throws unless bytes begin with a signature of four letters.</summary>
    public void Expect(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature, long address, string what)
    {
        if (!bytes.StartsWith(signature))
        {
            throw Error(address, $"expected {what} with the signature {System.Text.Encoding.ASCII.GetString(signature)}, got {Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, signature.Length)])}.");
        }
    }

    /// <summary>Throws unless the last four bytes are the checksum of those before.</summary>
    public void Verify(ReadOnlySpan<byte> bytes, long address, string what)
    {
        const int checksumBytes = 4;
        if (bytes.Length < checksumBytes)
        {
            throw Error(address, $"expected {what} with a checksum, got {bytes.Length} bytes.");
        }

        uint stored = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[^checksumBytes..]);
        uint computed = Hdf5Checksums.Lookup3(bytes[..^checksumBytes]);
        if (stored != computed)
        {
            throw Error(address, $"expected {what} with the checksum {stored:x8}, got bytes with {computed:x8}. It is damaged.");
        }
    }

    /// <summary>Makes a complaint about an address.</summary>
    public WeightFormatException Error(long address, string message) =>
        new(Path, Start + Base + address, Subject.Length == 0 ? message : $"{Subject}: {message}");

    private sealed class BudgetBox(long length)
    {
        private const long Least = 1 << 26;
        private const int Times = 8;

        private long _left = length > (long.MaxValue - Least) / Times ? long.MaxValue : Least + (Times * length);

        // Indexes of chunks are read when they are needed, by whichever thread comes first.
        public long Take(long count) => Interlocked.Add(ref _left, -count);
    }
}
