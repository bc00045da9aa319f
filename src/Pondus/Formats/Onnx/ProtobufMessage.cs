using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Onnx;

/// <summary>A message in protobuf's wire form whose large bytes stay where they are until it is written.</summary>
/// <remarks>Source: protobuf's encoding guide. Fields are written in the order of the calls; numbers packed where ONNX's schema says repeated.</remarks>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<object> _parts = [];
    private MemoryStream _open = new();

    /// <summary>Gets the number of bytes.</summary>
    public long Length { get; private set; }

    public void Int(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    public void Float(int field, float value)
    {
        Tag(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Raw(bytes);
    }

    /// <summary>Adds a text, unless it is empty: absent means the same.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Message(int field, ProtobufMessage value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        Close();
        value.Close();
        _parts.AddRange(value._parts);
        Length += value.Length;
    }

    /// <summary>Adds a tensor's bytes, which are read while writing.</summary>
    public void Bytes(int field, WeightEntry entry)
    {
        Tag(field, LengthType);
        Varint((ulong)entry.ByteCount);
        Close();
        _parts.Add(entry);
        Length += entry.ByteCount;
    }

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

    private void Close()
    {
        if (_open.Length > 0)
        {
            _parts.Add(_open.ToArray());
            _open = new MemoryStream();
        }
    }

    private void Tag(int field, int type) => Varint(((ulong)field << 3) | (uint)type);

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int count = 0;
        while (value >= 0x80)
        {
            bytes[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[count++] = (byte)value;
        Raw(bytes[..count]);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        _open.Write(bytes);
        Length += bytes.Length;
    }
}
