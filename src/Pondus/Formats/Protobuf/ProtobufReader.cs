using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Protobuf;

/// <summary>Walks through protocol-buffer messages in a file; what is not asked for is stepped over and not read.</summary>
/// <remarks>
/// <para>Every length is checked against the message around it before it is used; the outermost ends with the file.</para>
/// <para>Source: protobuf.dev, Encoding. Groups, which proto2 deprecated, are refused.</para>
/// </remarks>
internal sealed class ProtobufReader
{
    private const int BufferBytes = 1 << 14;
    private const int MaxDepth = 100;

    private readonly RandomAccessFile _file;
    private readonly byte[] _buffer;
    private long _bufferAt;
    private int _buffered;
    private int _depth;

    /// <summary>Reads from a part of a file.</summary>
    public ProtobufReader(RandomAccessFile file, long start, long end)
    {
        _file = file;
        _buffer = new byte[Math.Min(BufferBytes, Math.Max(16, end - start))];
        Position = start;
        End = end;
    }

    /// <summary>Gets the place in the file.</summary>
    public long Position { get; private set; }

    /// <summary>Gets where the message ends.</summary>
    public long End { get; private set; }

    /// <summary>Gets the number of the field just begun.</summary>
    public int Field { get; private set; }

    /// <summary>Gets how it lies in the bytes.</summary>
    public WireType Wire { get; private set; }

    /// <summary>Goes to the next field of the message; false at its end.</summary>
    public bool Next()
    {
        if (Position == End)
        {
            return false;
        }

        long at = Position;
        ulong tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Wire = (WireType)(tag & 7);
        return Field != 0 && Wire is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32
            ? true
            : throw Error(at, $"expected a field, got number {Field} of wire type {(int)Wire}. This is no protocol-buffer file, or it is damaged.");
    }

    /// <summary>Reads a number of variable length.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        long at = Position;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Error(at, "expected a number of at most 10 bytes, got a longer one.");
    }

    /// <summary>Reads the integer of a field.</summary>
    public long Int()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    /// <summary>Reads the float of a field.</summary>
    public float Single()
    {
        Expect(WireType.Fixed32);
        return BitConverter.UInt32BitsToSingle(Fixed32());
    }

    /// <summary>Reads 4 bytes.</summary>
    public uint Fixed32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Reads 8 bytes.</summary>
    public ulong Fixed64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads the bytes of a field.</summary>
    public byte[] Bytes()
    {
        int length = (int)Math.Min(Length(), Array.MaxLength + 1L);
        if (length > Array.MaxLength)
        {
            throw Error(Position, $"expected at most {Array.MaxLength} bytes, got more.");
        }

        if (length == 0)
        {
            return [];
        }

        byte[] bytes = new byte[length];
        Read(bytes);
        return bytes;
    }

    /// <summary>Reads the text of a field; what is no UTF-8 is replaced.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Reads the length before a field's bytes.</summary>
    public long Length()
    {
        Expect(WireType.Bytes);
        long at = Position;
        ulong length = Varint();
        return length <= (ulong)(End - Position)
            ? (long)length
            : throw Error(at, $"expected at most {End - Position} bytes, got a field of {length}. The file is cut short or damaged.");
    }

    /// <summary>Enters the message or packed numbers of a field; gives the end to return to with <see cref="Leave"/>.</summary>
    public long Enter()
    {
        long outer = End;
        End = Length() + Position;
        if (++_depth > MaxDepth)
        {
            throw Error(Position, $"expected messages nested at most {MaxDepth} deep, got more.");
        }

        return outer;
    }

    /// <summary>Returns to the message around, from whatever place inside.</summary>
    public void Leave(long outer)
    {
        Position = End;
        End = outer;
        _depth--;
    }

    /// <summary>Steps over the value of a field.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Forward(8);
                break;
            case WireType.Fixed32:
                Forward(4);
                break;
            default:
                Forward(Length());
                break;
        }
    }

    /// <summary>Makes an error at a place in the file.</summary>
    public WeightFormatException Error(long at, string message) => new(_file.Path, at, message);

    /// <summary>Steps over bytes of the message.</summary>
    public void Forward(long count)
    {
        if (count > End - Position)
        {
            throw Error(Position, $"expected {count} more bytes, got the end of a message.");
        }

        Position += count;
    }

    private void Expect(WireType wire)
    {
        if (Wire != wire)
        {
            throw Error(Position, $"field {Field}: expected {wire}, got {Wire}. The file is damaged.");
        }
    }

    private byte Byte()
    {
        if (Position >= End)
        {
            throw Error(Position, "expected another byte, got the end of a message.");
        }

        if (Position < _bufferAt || Position >= _bufferAt + _buffered)
        {
            Fill();
        }

        return _buffer[(int)(Position++ - _bufferAt)];
    }

    private void Read(Span<byte> destination)
    {
        long at = Position;
        Forward(destination.Length);
        if (at >= _bufferAt && Position <= _bufferAt + _buffered)
        {
            _buffer.AsSpan((int)(at - _bufferAt), destination.Length).CopyTo(destination);
        }
        else
        {
            _file.Read(at, destination);
        }
    }

    private void Fill()
    {
        int count = (int)Math.Min(_buffer.Length, _file.Length - Position);
        _file.Read(Position, _buffer.AsSpan(0, count));
        _bufferAt = Position;
        _buffered = count;
    }
}
