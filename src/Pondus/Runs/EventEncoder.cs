using System.Buffers.Binary;
using System.Text;

namespace Pondus.Runs;

/// <summary>Writes protobuf fields into memory that is known to be large enough.</summary>
/// <remarks>By hand and not by generated classes: a scalar then costs no managed memory. Field numbers: event.proto, summary.proto,
/// tensor.proto of TensorBoard.</remarks>
internal ref struct EventEncoder(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Gets the bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>Counts the bytes of a variable-length number.</summary>
    internal static int VarintBytes(ulong value)
    {
        int bytes = 1;
        for (; value >= 0x80; value >>= 7)
        {
            bytes++;
        }

        return bytes;
    }

    /// <summary>Counts the bytes of a field that has a length: key (of fields below 16), length, content.</summary>
    internal static int FieldBytes(int contentBytes) => 1 + VarintBytes((ulong)contentBytes) + contentBytes;

    internal void Varint(int field, ulong value)
    {
        Raw(((ulong)field << 3) | 0);
        Raw(value);
    }

    internal void Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        Double(value);
    }

    internal void Single(int field, float value)
    {
        Raw(((ulong)field << 3) | 5);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer[Length..], value);
        Length += sizeof(float);
    }

    /// <summary>Begins a field that has a length; its content follows.</summary>
    internal void Begin(int field, int contentBytes)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)contentBytes);
    }

    internal void Text(int field, ReadOnlySpan<char> text, int textBytes)
    {
        Begin(field, textBytes);
        Length += Encoding.UTF8.GetBytes(text, _buffer[Length..]);
    }

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    internal void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer[Length..], value);
        Length += sizeof(double);
    }

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _buffer[Length++] = (byte)(value | 0x80);
        }

        _buffer[Length++] = (byte)value;
    }
}
