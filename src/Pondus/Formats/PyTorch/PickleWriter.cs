using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>Writes the opcodes of protocol 2 that torch.save uses and its weights-only loader takes.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<string, uint> _memo = new(StringComparer.Ordinal);

    public PickleWriter()
    {
        _bytes.Write([0x80, 2]);
    }

    public void Mark() => _bytes.WriteByte((byte)'(');

    public void EmptyTuple() => _bytes.WriteByte((byte)')');

    /// <summary>Makes a tuple of everything since the mark.</summary>
    public void Tuple() => _bytes.WriteByte((byte)'t');

    public void False() => _bytes.WriteByte(0x89);

    public void Reduce() => _bytes.WriteByte((byte)'R');

    public void PersistentId() => _bytes.WriteByte((byte)'Q');

    public void SetItems() => _bytes.WriteByte((byte)'u');

    /// <summary>Writes a text, for the second time as a reference to the first.</summary>
    public void SharedText(string text)
    {
        if (!Recall(text))
        {
            Text(text);
            Remember(text);
        }
    }

    /// <summary>Writes a class or function by name, for the second time as a reference to the first.</summary>
    public void Global(string module, string name)
    {
        string text = $"c{module}\n{name}\n";
        if (!Recall(text))
        {
            _bytes.Write(Encoding.ASCII.GetBytes(text));
            Remember(text);
        }
    }

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _bytes.WriteByte((byte)'X');
        WriteNumber((ulong)bytes.Length, sizeof(uint));
        _bytes.Write(bytes);
    }

    /// <summary>Writes a whole number from 0 up.</summary>
    public void Integer(long value)
    {
        switch (value)
        {
            case <= byte.MaxValue:
                _bytes.WriteByte((byte)'K');
                WriteNumber((ulong)value, sizeof(byte));
                break;
            case <= ushort.MaxValue:
                _bytes.WriteByte((byte)'M');
                WriteNumber((ulong)value, sizeof(ushort));
                break;
            case <= int.MaxValue:
                _bytes.WriteByte((byte)'J');
                WriteNumber((ulong)value, sizeof(uint));
                break;
            default:
                _bytes.WriteByte(0x8a);
                _bytes.WriteByte(sizeof(ulong));
                WriteNumber((ulong)value, sizeof(ulong));
                break;
        }
    }

    public void Integers(ReadOnlySpan<long> values)
    {
        Mark();
        foreach (long value in values)
        {
            Integer(value);
        }

        Tuple();
    }

    /// <summary>Ends the pickle and gives its bytes.</summary>
    public byte[] Finish()
    {
        _bytes.WriteByte((byte)'.');
        return _bytes.ToArray();
    }

    private bool Recall(string text)
    {
        if (!_memo.TryGetValue(text, out uint index))
        {
            return false;
        }

        _bytes.WriteByte((byte)'j');
        WriteNumber(index, sizeof(uint));
        return true;
    }

    private void Remember(string text)
    {
        uint index = (uint)_memo.Count;
        _memo.Add(text, index);
        _bytes.WriteByte((byte)'r');
        WriteNumber(index, sizeof(uint));
    }

    private void WriteNumber(ulong value, int bytes)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        _bytes.Write(number[..bytes]);
    }
}
