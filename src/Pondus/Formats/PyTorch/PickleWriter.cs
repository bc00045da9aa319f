using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>Writes the opcodes of protocol 2 that torch.save uses and its weights-only loader takes.</summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Dictionary<string, uint> _memo = new(StringComparer.Ordinal);

    public PickleWriter()
    {
        Code('\u0080');
        Code((char)2);
    }

    public void Mark() => Code('(');

    public void EmptyTuple() => Code(')');

    /// <summary>Makes a tuple of everything since the mark.</summary>
    public void Tuple() => Code('t');

    public void False() => Code('\u0089');

    public void Reduce() => Code('R');

    public void PersistentId() => Code('Q');

    public void SetItems() => Code('u');

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
        Code('X');
        WriteNumber((ulong)bytes.Length, sizeof(uint));
        _bytes.Write(bytes);
    }

    /// <summary>Writes a whole number from 0 up.</summary>
    public void Integer(long value)
    {
        switch (value)
        {
            case <= byte.MaxValue:
                Code('K');
                WriteNumber((ulong)value, sizeof(byte));
                break;
            case <= ushort.MaxValue:
                Code('M');
                WriteNumber((ulong)value, sizeof(ushort));
                break;
            case <= int.MaxValue:
                Code('J');
                WriteNumber((ulong)value, sizeof(uint));
                break;
            default:
                Code('\u008a');
                Code((char)sizeof(ulong));
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
        Code('.');
        return _bytes.WrittenSpan.ToArray();
    }

    private void Code(char code) => _bytes.Write([(byte)code]);

    private bool Recall(string text)
    {
        if (!_memo.TryGetValue(text, out uint index))
        {
            return false;
        }

        Code('j');
        WriteNumber(index, sizeof(uint));
        return true;
    }

    private void Remember(string text)
    {
        uint index = (uint)_memo.Count;
        _memo.Add(text, index);
        Code('r');
        WriteNumber(index, sizeof(uint));
    }

    private void WriteNumber(ulong value, int bytes)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        _bytes.Write(number[..bytes]);
    }
}
