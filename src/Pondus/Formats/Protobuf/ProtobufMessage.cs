using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Protobuf;

/// <summary>A protocol-buffer message being made: fields in the order they are added, large data only by reference.</summary>
/// <remarks>A message inside another must be whole before it is added, as its length stands in front of it.</remarks>
internal sealed class ProtobufMessage
{
    private readonly List<object> _parts = [];
    private ArrayBufferWriter<byte> _open = new();

    /// <summary>Gets the number of bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an integer.</summary>
    public void Int(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    /// <summary>Adds a float.</summary>
    public void Single(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_open.GetSpan(4), value);
        Advance(4);
    }

    /// <summary>Adds a text, unless it is empty.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>Adds bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        value.CopyTo(_open.GetSpan(value.Length));
        Advance(value.Length);
    }

    /// <summary>Adds a message.</summary>
    public void Message(int field, ProtobufMessage message)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)message.Length);
        Close();
        message.Close();
        _parts.AddRange(message._parts);
        Length += message.Length;
    }

    /// <summary>Adds integers, packed.</summary>
    public void Ints(int field, IEnumerable<long> values)
    {
        ProtobufMessage packed = new();
        foreach (long value in values)
        {
            packed.Varint((ulong)value);
        }

        Message(field, packed);
    }

    /// <summary>Adds floats, packed.</summary>
    public void Singles(int field, ReadOnlySpan<float> values)
    {
        byte[] packed = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(4 * i), values[i]);
        }

        Bytes(field, packed);
    }

    /// <summary>Adds the bytes of a tensor, which are read when they are written.</summary>
    public void Data(int field, WeightEntry entry)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)entry.ByteCount);
        Close();
        _parts.Add(entry);
        Length += entry.ByteCount;
    }

    /// <summary>Writes the message without a length in front.</summary>
    public void WriteTo(Stream stream)
    {
        Close();
        foreach (object part in _parts)
        {
            if (part is WeightEntry entry)
            {
                entry.CopyTo(stream);
            }
            else
            {
                stream.Write((byte[])part);
            }
        }
    }

    private void Tag(int field, WireType wire) => Varint(((ulong)field << 3) | (ulong)wire);

    private void Varint(ulong value)
    {
        Span<byte> bytes = _open.GetSpan(10);
        int count = 0;
        while (value >= 0x80)
        {
            bytes[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[count++] = (byte)value;
        Advance(count);
    }

    private void Advance(int count)
    {
        _open.Advance(count);
        Length += count;
    }

    private void Close()
    {
        if (_open.WrittenCount > 0)
        {
            _parts.Add(_open.WrittenSpan.ToArray());
            _open = new ArrayBufferWriter<byte>();
        }
    }
}
