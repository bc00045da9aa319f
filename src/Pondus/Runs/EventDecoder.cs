using System.Buffers.Binary;

namespace Pondus.Runs;

/// <summary>Reads protobuf fields one after the other; what breaks the encoding is an <see cref="InvalidDataException"/>.</summary>
internal ref struct EventDecoder(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets the number of the field that was read last.</summary>
    internal int Field { get; private set; }

    /// <summary>Gets its kind: 0 variable-length number, 1 eight bytes, 2 bytes with a length, 5 four bytes.</summary>
    internal int Wire { get; private set; }

    /// <summary>Gets the value of a variable-length number.</summary>
    internal ulong Number { get; private set; }

    /// <summary>Gets the bytes of the other kinds.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Gets the value as a double; the field must have eight bytes.</summary>
    internal readonly double Double => BinaryPrimitives.ReadDoubleLittleEndian(Content);

    /// <summary>Tells whether the field has a number and a kind.</summary>
    internal readonly bool Is(int field, int wire) => Field == field && Wire == wire;

    /// <summary>Reads the next field; false at the end.</summary>
    internal bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        if (key >> 3 is 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"a field number {key >> 3}");
        }

        Field = (int)(key >> 3);
        Wire = (int)(key & 7);
        switch (Wire)
        {
            case 0:
                Number = Varint();
                Content = [];
                break;
            case 1:
                Content = Take(sizeof(double));
                break;
            case 2:
                Content = Take(Varint());
                break;
            case 5:
                Content = Take(sizeof(float));
                break;
            default:
                throw new InvalidDataException($"a field of kind {Wire}");
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            if (i == _rest.Length)
            {
                throw new InvalidDataException("a number without its end");
            }

            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("a number of more than 10 bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"a field of {length} bytes where {_rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
