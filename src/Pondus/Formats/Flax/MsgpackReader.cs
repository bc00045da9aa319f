using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Flax;

/// <summary>Reads MessagePack from front to back; large contents are passed over and stay in the file.</summary>
/// <remarks>Source: the MessagePack specification, section Formats.</remarks>
internal sealed class MsgpackReader(RandomAccessFile file)
{
    private const int BufferBytes = 1 << 14;
    private const int MaxTextBytes = 1 << 16;

    private readonly byte[] _buffer = new byte[Math.Min(BufferBytes, file.Length)];
    private long _bufferStart;
    private int _bufferCount;

    /// <summary>Gets the offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the head of the next value; of arrays and maps the values follow, contents are to be read or skipped.</summary>
    public MsgpackToken Next()
    {
        int code = (int)Unsigned(1);
        return code switch
        {
            < 0x80 => Token(MsgpackKind.Signed, number: code),
            < 0x90 => Counted(MsgpackKind.Map, code & 0x0F),
            < 0xA0 => Counted(MsgpackKind.Array, code & 0x0F),
            < 0xC0 => Counted(MsgpackKind.Text, code & 0x1F),
            0xC0 => Token(MsgpackKind.Nil),
            0xC2 or 0xC3 => Token(MsgpackKind.Truth, number: code & 1),
            >= 0xC4 and <= 0xC6 => Counted(MsgpackKind.Bytes, (long)Unsigned(1 << (code - 0xC4))),
            >= 0xC7 and <= 0xC9 => Extension((long)Unsigned(1 << (code - 0xC7))),
            0xCA => Token(MsgpackKind.Real, real: BitConverter.UInt32BitsToSingle((uint)Unsigned(sizeof(uint)))),
            0xCB => Token(MsgpackKind.Real, real: BitConverter.UInt64BitsToDouble(Unsigned(sizeof(ulong)))),
            >= 0xCC and <= 0xCF => Token(MsgpackKind.Unsigned, number: (long)Unsigned(1 << (code - 0xCC))),
            >= 0xD0 and <= 0xD3 => Token(MsgpackKind.Signed, number: Signed(1 << (code - 0xD0))),
            >= 0xD4 and <= 0xD8 => Extension(1L << (code - 0xD4)),
            >= 0xD9 and <= 0xDB => Counted(MsgpackKind.Text, (long)Unsigned(1 << (code - 0xD9))),
            0xDC or 0xDD => Counted(MsgpackKind.Array, (long)Unsigned(2 << (code - 0xDC))),
            0xDE or 0xDF => Counted(MsgpackKind.Map, (long)Unsigned(2 << (code - 0xDE))),
            >= 0xE0 => Token(MsgpackKind.Signed, number: (sbyte)code),
            _ => throw Error("expected a value, got byte 0xC1, which begins none"),
        };
    }

    /// <summary>Reads the content of a text.</summary>
    public string Text(MsgpackToken token)
    {
        if (token.Count > MaxTextBytes)
        {
            throw Error($"expected a text of at most {MaxTextBytes} bytes, got {token.Count}");
        }

        byte[] bytes = new byte[token.Count];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over the content of a text, of bytes or of an extension.</summary>
    public void Skip(MsgpackToken token) => MoveTo(token.Offset + token.Count);

    /// <summary>Goes on elsewhere in the file.</summary>
    public void MoveTo(long position) => Position = position;

    public WeightFormatException Error(string message) => new(file.Path, Math.Min(Position, file.Length), message + ".");

    private MsgpackToken Token(MsgpackKind kind, long number = 0, double real = 0) => new(kind, 0, number, real, 0, Position);

    private MsgpackToken Counted(MsgpackKind kind, long count)
    {
        // Each value takes a byte at least, each pair two.
        long least = kind == MsgpackKind.Map ? 2 * count : count;
        return least <= file.Length - Position
            ? new MsgpackToken(kind, count, 0, 0, 0, Position)
            : throw Error($"expected {least} more bytes, got {file.Length - Position}. The file is cut short");
    }

    private MsgpackToken Extension(long count)
    {
        int extension = (sbyte)Unsigned(1);
        return Counted(MsgpackKind.Extension, count) with { Extension = extension };
    }

    private long Signed(int count)
    {
        int shift = 64 - (8 * count);
        return (long)Unsigned(count) << shift >> shift;
    }

    private ulong Unsigned(int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Fill(bytes[^count..]);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private void Fill(Span<byte> destination)
    {
        if (destination.Length > file.Length - Position)
        {
            throw Error($"expected {destination.Length} more bytes, got {file.Length - Position}. The file is cut short");
        }

        if (destination.Length > _buffer.Length)
        {
            file.Read(Position, destination);
        }
        else
        {
            if (Position < _bufferStart || Position + destination.Length > _bufferStart + _bufferCount)
            {
                _bufferStart = Position;
                _bufferCount = (int)Math.Min(_buffer.Length, file.Length - Position);
                file.Read(Position, _buffer.AsSpan(0, _bufferCount));
            }

            _buffer.AsSpan((int)(Position - _bufferStart), destination.Length).CopyTo(destination);
        }

        Position += destination.Length;
    }
}
