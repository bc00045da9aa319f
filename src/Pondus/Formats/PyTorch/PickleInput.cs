using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>The bytes of a pickle, read from front to back; every length is checked before memory is taken.</summary>
internal sealed class PickleInput(WeightBytesReader read, long length, long fileOffset, string path)
{
    private const int BufferBytes = 1 << 16;
    private const int LongestLine = 1 << 16;

    // Texts and byte strings together: a pickle describes tensors, it does not hold them.
    private const long MostPayloadBytes = 200_000_000;

    private readonly byte[] _buffer = new byte[Math.Min(BufferBytes, length)];
    private long _bufferStart;
    private int _bufferCount;
    private long _payload;

    public string Path { get; } = path;

    public long Position { get; private set; }

    /// <summary>Offset in the file of the next byte.</summary>
    public long FileOffset => fileOffset + Position;

    public byte ReadByte()
    {
        if (Position - _bufferStart >= _bufferCount)
        {
            Fill();
        }

        return _buffer[Position++ - _bufferStart];
    }

    /// <summary>Reads a little-endian number of 1 to 8 bytes, without sign.</summary>
    public ulong ReadNumber(int bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= (ulong)ReadByte() << (8 * i);
        }

        return value;
    }

    /// <summary>Reads bytes whose number the file gives.</summary>
    public byte[] ReadBytes(ulong count)
    {
        if (count > (ulong)(length - Position))
        {
            throw Error($"expected {count} bytes of a text or byte string, got {length - Position} to the end. The file is cut short.");
        }

        Charge((long)count);
        byte[] bytes = new byte[count];
        int copied = (int)Math.Min(bytes.Length, _bufferStart + _bufferCount - Position);
        _buffer.AsSpan((int)(Position - _bufferStart), copied).CopyTo(bytes);
        if (copied < bytes.Length)
        {
            read(Position + copied, bytes.AsSpan(copied));
        }

        Position += bytes.Length;
        return bytes;
    }

    public string ReadText(ulong count) => Encoding.UTF8.GetString(ReadBytes(count));

    /// <summary>Reads to the end of a line, which is not part of the result.</summary>
    public string ReadLine()
    {
        StringBuilder line = new();
        for (byte next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (line.Length == LongestLine)
            {
                throw Error($"expected a line of at most {LongestLine} bytes, got a longer one.");
            }

            line.Append((char)next);
        }

        Charge(line.Length);
        return line.ToString();
    }

    /// <summary>Counts bytes that a value takes, so that no pickle grows beyond bounds by copying.</summary>
    public void Charge(long bytes)
    {
        _payload += bytes;
        if (_payload > MostPayloadBytes)
        {
            throw Error($"expected at most {MostPayloadBytes} bytes of texts and byte strings, got more.");
        }
    }

    public WeightFormatException Error(string message) => new(Path, FileOffset, message);

    public WeightFormatException ErrorAt(long offset, string message) => new(Path, offset, message);

    private void Fill()
    {
        if (Position >= length)
        {
            throw Error("expected more of the pickle, got its end. The file is cut short.");
        }

        _bufferStart = Position;
        _bufferCount = (int)Math.Min(_buffer.Length, length - Position);
        read(Position, _buffer.AsSpan(0, _bufferCount));
    }
}
