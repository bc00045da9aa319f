using System.Buffers.Binary;

namespace Pondus.Formats.Hdf5;

/// <summary>Reads numbers one after the other from bytes whose length is known; a read beyond the end is a complaint.</summary>
internal ref struct Hdf5Cursor(Hdf5Source source, ReadOnlySpan<byte> bytes, long address, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Gets how many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>Gets how many bytes are left.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>Gets the address of the next byte.</summary>
    public readonly long Address => address + Position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>Reads an address; all bits set mean <see cref="Hdf5Source.Undefined"/>.</summary>
    public long ReadAddress() => Number(source.AddressBytes);

    /// <summary>Reads a size.</summary>
    public long ReadSize() => Number(source.SizeBytes);

    /// <summary>Reads a number of up to eight bytes; -1 when all bits are set.</summary>
    public long Number(int count)
    {
        ReadOnlySpan<byte> part = Take(count);
        ulong value = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            value = (value << 8) | part[i];
        }

        if (count > 1 && part.IndexOfAnyExcept((byte)0xff) < 0)
        {
            return Hdf5Source.Undefined;
        }

        return value <= long.MaxValue ? (long)value : throw Error($"expected a number below 2^63, got {value}");
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Error($"expected {count} more bytes, got {Left}");
        }

        ReadOnlySpan<byte> part = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return part;
    }

    public void Skip(long count) => Take(count);

    /// <summary>Moves to the next multiple of eight bytes; the end may come before.</summary>
    public void Align() => Position = Math.Min(_bytes.Length, (Position + 7) & ~7);

    /// <summary>Makes a complaint about the place reached.</summary>
    public readonly WeightFormatException Error(string message) => source.Error(Address, $"{what}: {message}. It is damaged.");
}
