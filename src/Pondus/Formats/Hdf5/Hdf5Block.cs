using System.Runtime.InteropServices;
using System.Text;

namespace Pondus.Formats.Hdf5;

/// <summary>Bytes being put together: little-endian numbers, names, padding.</summary>
internal sealed class Hdf5Block
{
    /// <summary>Bytes of an address and of a size.</summary>
    public const int WordBytes = 8;

    /// <summary>Bytes of a text of any length where it is used: its length, a collection, a number in it.</summary>
    public const int TextBytes = 16;

    private readonly List<byte> _bytes = [];

    public int Count => _bytes.Count;

    /// <summary>Gets the bytes so far; adding more ends this view.</summary>
    public ReadOnlySpan<byte> Span => CollectionsMarshal.AsSpan(_bytes);

    public Hdf5Block U8(int value) => Number(value, 1);

    public Hdf5Block U16(int value) => Number(value, 2);

    public Hdf5Block U32(uint value) => Number(value, 4);

    public Hdf5Block Word(long value) => Number(value, WordBytes);

    public Hdf5Block Number(long value, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _bytes.Add((byte)(value >> (8 * i)));
        }

        return this;
    }

    public Hdf5Block Zeros(int count)
    {
        CollectionsMarshal.SetCount(_bytes, Count + count);
        CollectionsMarshal.AsSpan(_bytes)[^count..].Clear();
        return this;
    }

    public Hdf5Block Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds a name with a zero behind it, padded to a multiple of eight bytes.</summary>
    public Hdf5Block Name(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return Raw(bytes).Zeros(WordBytes - (bytes.Length % WordBytes));
    }

    /// <summary>Pads to a multiple of eight bytes.</summary>
    public Hdf5Block Align() => Zeros(-Count & (WordBytes - 1));
}
