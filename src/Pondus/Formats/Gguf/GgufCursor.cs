using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Gguf;

/// <summary>Reads the table of a GGUF file from its beginning on, in either byte order, and never believes a length before it has looked at the file's.</summary>
internal sealed class GgufCursor
{
    /// <summary>Bytes that the name of a key or tensor may have: the format's limit for keys.</summary>
    internal const int MaxNameBytes = 65_535;

    /// <summary>Bytes that a table may have: ten times the largest vocabulary in use.</summary>
    private const long MaxTableBytes = 1 << 27;

    private const int WindowBytes = 1 << 16;
    private const int MaxDepth = 4;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RandomAccessFile _file;
    private readonly long _end;
    private readonly byte[] _window = new byte[WindowBytes];
    private long _windowStart;
    private int _windowLength;

    internal GgufCursor(RandomAccessFile file)
    {
        _file = file;
        _end = Math.Min(file.Length, MaxTableBytes);
    }

    /// <summary>Gets or sets whether the bytes of a number lie highest first.</summary>
    internal bool IsBigEndian { get; set; }

    /// <summary>Gets or sets whether counts and lengths have 32 bits, as in version 1.</summary>
    internal bool HasShortCounts { get; set; }

    /// <summary>Gets or sets what errors begin with: the key or the tensor that is being read, and a colon; or nothing.</summary>
    internal string Subject { get; set; } = "";

    /// <summary>Gets the offset of the next byte.</summary>
    internal long Position { get; private set; }

    internal uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes, what);
        return IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal ulong ReadUInt64(string what)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes, what);
        return IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a count and checks it: so many items of at least so many bytes must still be there.</summary>
    internal long ReadCount(string what, int leastBytes)
    {
        long at = Position;
        ulong count = HasShortCounts ? ReadUInt32(what) : ReadUInt64(what);
        long left = (_end - Position) / leastBytes;
        return count <= (ulong)left ? (long)count : throw Error(at, $"expected at most {left} {what} in the bytes that are left, got {count}. {Cause()}");
    }

    /// <summary>Reads the name of a key or tensor: UTF-8, as they are looked up by it.</summary>
    internal string ReadName(string what)
    {
        long at = Position, length = ReadCount($"bytes of {what}", 1);
        if (length > MaxNameBytes)
        {
            throw Error(at, $"expected {what} of at most {MaxNameBytes} bytes, got {length}.");
        }

        byte[] bytes = new byte[length];
        Read(bytes, what);
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Error(at, $"expected {what} in UTF-8, got other bytes.");
        }
    }

    /// <summary>Reads a type and a value of it.</summary>
    internal GgufValue ReadValue()
    {
        GgufValueType type = ReadType();
        ArrayBufferWriter<byte> bytes = new();
        if (type == GgufValueType.Array)
        {
            GgufValueType itemType = ReadType();
            long count = ReadCount("items", LeastBytes(itemType));
            CopyItems(itemType, count, 1, bytes);
            return new GgufValue(type, bytes.WrittenMemory.ToArray(), itemType, count);
        }

        if (type == GgufValueType.Text)
        {
            Copy(ReadCount("bytes of a text", 1), bytes);
        }
        else
        {
            CopyItems(type, 1, 0, bytes);
        }

        return new GgufValue(type, bytes.WrittenMemory.ToArray());
    }

    internal WeightFormatException Error(long at, string message) => new(_file.Path, at, Subject + message);

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (int i = 0; size > 1 && i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }

    private GgufValueType ReadType()
    {
        long at = Position;
        GgufValueType type = (GgufValueType)ReadUInt32("a type");
        return GgufTypes.ValueBytes(type) is null ? throw Error(at, $"expected a type of value from 0 to 12, got {(uint)type}.") : type;
    }

    private int LeastBytes(GgufValueType type) => type switch
    {
        GgufValueType.Text => HasShortCounts ? 4 : 8,
        GgufValueType.Array => HasShortCounts ? 8 : 12,
        _ => GgufTypes.ValueBytes(type)!.Value,
    };

    /// <summary>Copies items to the form of version 3, little-endian; lengths are checked on the way.</summary>
    private void CopyItems(GgufValueType type, long count, int depth, ArrayBufferWriter<byte> bytes)
    {
        if (GgufTypes.ValueBytes(type) is int size and not 0)
        {
            int start = bytes.WrittenCount;
            Copy(size * count, bytes);
            if (IsBigEndian)
            {
                Reverse(System.Runtime.InteropServices.MemoryMarshal.AsMemory(bytes.WrittenMemory)[start..].Span, size);
            }

            return;
        }

        if (type == GgufValueType.Array && depth >= MaxDepth)
        {
            throw Error(Position, $"expected arrays nested at most {MaxDepth} deep, got one more.");
        }

        for (long i = 0; i < count; i++)
        {
            if (type == GgufValueType.Text)
            {
                long length = ReadCount("bytes of a text", 1);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(8), length);
                bytes.Advance(8);
                Copy(length, bytes);
                continue;
            }

            GgufValueType itemType = ReadType();
            long items = ReadCount("items", LeastBytes(itemType));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(12), (int)itemType);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(12)[4..], items);
            bytes.Advance(12);
            CopyItems(itemType, items, depth + 1, bytes);
        }
    }

    private void Copy(long count, ArrayBufferWriter<byte> bytes)
    {
        if (count > 0)
        {
            Read(bytes.GetSpan((int)count)[..(int)count], "a value");
            bytes.Advance((int)count);
        }
    }

    private void Read(Span<byte> destination, string what)
    {
        if (destination.Length > _end - Position)
        {
            throw Error(Position, $"expected {destination.Length} bytes of {what}, got {_end - Position}. {Cause()}");
        }

        if (destination.Length > WindowBytes)
        {
            _file.Read(Position, destination);
        }
        else
        {
            if (Position < _windowStart || Position + destination.Length > _windowStart + _windowLength)
            {
                _windowStart = Position;
                _windowLength = (int)Math.Min(WindowBytes, _file.Length - Position);
                _file.Read(_windowStart, _window.AsSpan(0, _windowLength));
            }

            _window.AsSpan((int)(Position - _windowStart), destination.Length).CopyTo(destination);
        }

        Position += destination.Length;
    }

    private string Cause() => _file.Length > MaxTableBytes
        ? $"A table may have {MaxTableBytes} bytes."
        : "The file is cut short or damaged.";
}
