using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>Interprets the opcodes of a pickle, protocols 0 to 5, into plain data; nothing is imported, nothing is called.</summary>
/// <remarks>
/// <para>Values: null, bool, long, <see cref="BigInteger"/>, double, string, byte[], and the classes of this folder.</para>
/// <para>Source: Python's documentation of pickletools, which describes every opcode.</para>
/// </remarks>
internal sealed class PickleMachine
{
    private const int MostOperations = 10_000_000;

    // A container or a memo entry takes some 50 bytes for one byte of the file.
    private const int MostContainers = 4_000_000;
    private const int MostDigits = 1000;
    private const int SmallIntegers = 257;

    private static readonly object s_true = true;
    private static readonly object s_false = false;
    private static readonly object[] s_small = [.. Enumerable.Range(0, SmallIntegers).Select(static i => (object)(long)i)];

    private readonly PickleInput _input;
    private readonly PickleConstructors _constructors;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<ulong, object?> _memo = [];
    private int _containers;

    private PickleMachine(PickleInput input, PickleReport report, List<TorchStorage> storages)
    {
        _input = input;
        _constructors = new PickleConstructors(input, report, storages);
    }

    /// <summary>Reads one pickle; the input stands behind it afterwards.</summary>
    public static object? Read(PickleInput input, PickleReport report) => Read(input, report, out _);

    /// <summary>Reads one pickle and tells which storages it refers to.</summary>
    public static object? Read(PickleInput input, PickleReport report, out List<TorchStorage> storages)
    {
        storages = [];
        return new PickleMachine(input, report, storages).Run();
    }

    private object? Run()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            long at = _input.FileOffset;
            byte code = _input.ReadByte();
            _constructors.Offset = at;
            if (code == '.')
            {
                return Pop();
            }

            if (!Simple(code) && !Container(code) && !Reference(code))
            {
                throw _input.ErrorAt(at, $"expected an opcode of a pickle, got 0x{code:X2}. This is no pickle, or it is damaged.");
            }
        }

        throw _input.Error($"expected at most {MostOperations} operations in a pickle, got more.");
    }

    /// <summary>Opcodes that push a number or a text.</summary>
    private bool Simple(byte code)
    {
        switch ((char)code)
        {
            case 'N': Push(null); break;
            case '\u0088': Push(s_true); break;
            case '\u0089': Push(s_false); break;
            case 'K': PushInteger(_input.ReadByte()); break;
            case 'M': PushInteger((long)_input.ReadNumber(2)); break;
            case 'J': PushInteger((int)_input.ReadNumber(4)); break;
            case 'G': Push(BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(_input.ReadNumber(8)))); break;
            case '\u008a': PushLong(_input.ReadBytes(_input.ReadByte())); break;
            case '\u008b': PushLong(_input.ReadBytes(_input.ReadNumber(4))); break;
            case 'X': Push(_input.ReadText(_input.ReadNumber(4))); break;
            case '\u008c': Push(_input.ReadText(_input.ReadByte())); break;
            case '\u008d': Push(_input.ReadText(_input.ReadNumber(8))); break;
            case 'B': Push(_input.ReadBytes(_input.ReadNumber(4))); break;
            case 'C': Push(_input.ReadBytes(_input.ReadByte())); break;
            case '\u008e': Push(_input.ReadBytes(_input.ReadNumber(8))); break;
            case '\u0096': Push(_input.ReadBytes(_input.ReadNumber(8))); break;
            // Python 2's strings are bytes: Latin-1 keeps each of them.
            case 'T': Push(Encoding.Latin1.GetString(_input.ReadBytes(_input.ReadNumber(4)))); break;
            case 'U': Push(Encoding.Latin1.GetString(_input.ReadBytes(_input.ReadByte()))); break;
            case 'S': Push(_input.ReadLine().Trim('\'', '"')); break;
            case 'V': Push(_input.ReadLine()); break;
            case 'I': PushInteger(_input.ReadLine()); break;
            case 'L': PushInteger(_input.ReadLine().TrimEnd('L')); break;
            case 'F': PushFloat(_input.ReadLine()); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Opcodes that build containers, and those that move the stack.</summary>
    private bool Container(byte code)
    {
        switch ((char)code)
        {
            case '(': _marks.Push(_stack.Count); break;
            case '0': PopOrMark(); break;
            case '1': Cut(PopMark()); break;
            case '2': Push(Peek()); break;
            case ']': PushContainer(new PickleSequence("list", [])); break;
            case 'l': PushContainer(new PickleSequence("list", PopItems())); break;
            case ')': PushContainer(new PickleSequence("tuple", [])); break;
            case 't': PushContainer(new PickleSequence("tuple", PopItems())); break;
            case '\u0085': PushTuple(1); break;
            case '\u0086': PushTuple(2); break;
            case '\u0087': PushTuple(3); break;
            case '\u008f': PushContainer(new PickleSequence("set", [])); break;
            case '\u0091': PushContainer(new PickleSequence("frozenset", PopItems())); break;
            case '}': PushContainer(new PickleMap()); break;
            case 'd': PushMap(PopItems()); break;
            case 'a': PopAndAppend(); break;
            case 'e' or '\u0090': Append(PopItems()); break;
            case 's': PopAndSet(); break;
            case 'u': Set(PopItems()); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Opcodes that remember, refer, and ask for classes.</summary>
    private bool Reference(byte code)
    {
        switch ((char)code)
        {
            case '\u0080': CheckProtocol(_input.ReadByte()); break;
            case '\u0095': _input.ReadNumber(8); break;
            case 'p': Remember(Index(_input.ReadLine())); break;
            case 'q': Remember(_input.ReadByte()); break;
            case 'r': Remember(_input.ReadNumber(4)); break;
            case '\u0094': Remember((ulong)_memo.Count); break;
            case 'g': Recall(Index(_input.ReadLine())); break;
            case 'h': Recall(_input.ReadByte()); break;
            case 'j': Recall(_input.ReadNumber(4)); break;
            case 'c': Push(_constructors.Global(_input.ReadLine(), _input.ReadLine())); break;
            case '\u0093': PushGlobal(); break;
            case 'R': Call(Pop()); break;
            case '\u0081': Call(Pop()); break;
            case '\u0092': Pop(); Call(Pop()); break;
            case 'b': Build(Pop()); break;
            case 'i': Instance(_constructors.Global(_input.ReadLine(), _input.ReadLine())); break;
            case 'o': InstanceFromStack(); break;
            case 'P': PushContainer(_constructors.Persistent(_input.ReadLine())!); break;
            case 'Q': PushContainer(_constructors.Persistent(Pop())!); break;
            case '\u0098': break;
            case '\u0082' or '\u0083' or '\u0084': throw _input.Error("expected classes by name, got a number of Python's extension registry.");
            case '\u0097': throw _input.Error("expected all data in the pickle, got a reference to a buffer outside of it.");
            default: return false;
        }

        return true;
    }

    private void Push(object? value) => _stack.Add(value);

    private void PushContainer(object value)
    {
        CountContainer();
        _stack.Add(value);
    }

    private void CountContainer()
    {
        if (++_containers > MostContainers)
        {
            throw _input.Error($"expected at most {MostContainers} containers and remembered values in a pickle, got more.");
        }
    }

    private void PushInteger(long value) => Push(value is >= 0 and < SmallIntegers ? s_small[value] : value);

    private void PushInteger(string text)
    {
        // Protocol 0 writes truth values as numbers of two digits.
        if (text is "00" or "01")
        {
            Push(text == "01" ? s_true : s_false);
            return;
        }

        if (text.Length > MostDigits || !BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number))
        {
            throw _input.Error("expected a whole number, got other text.");
        }

        PushLong(number);
    }

    private void PushLong(byte[] bytes)
    {
        if (bytes.Length > MostDigits)
        {
            throw _input.Error($"expected a whole number of at most {MostDigits} bytes, got {bytes.Length}.");
        }

        PushLong(new BigInteger(bytes));
    }

    // A number is a long wherever it fits, so that equal numbers are equal keys.
    private void PushLong(in BigInteger number)
    {
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            PushInteger((long)number);
        }
        else
        {
            Push(number);
        }
    }

    private void PushFloat(string text) => Push(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? number
        : throw _input.Error("expected a number, got other text."));

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() => _stack.Count > (_marks.Count > 0 ? _marks.Peek() : 0)
        ? _stack[^1]
        : throw _input.Error("expected a value on the pickle's stack, got none. The pickle is damaged.");

    private void PopOrMark()
    {
        if (_marks.Count > 0 && _marks.Peek() == _stack.Count)
        {
            _marks.Pop();
            return;
        }

        Pop();
    }

    private int PopMark() => _marks.TryPop(out int mark) ? mark : throw _input.Error("expected a mark on the pickle's stack, got none. The pickle is damaged.");

    private void Cut(int count) => _stack.RemoveRange(count, _stack.Count - count);

    private List<object?> PopItems()
    {
        int mark = PopMark();
        List<object?> items = _stack.GetRange(mark, _stack.Count - mark);
        Cut(mark);
        return items;
    }

    private void PushTuple(int count)
    {
        List<object?> items = new(count);
        for (int i = 0; i < count; i++)
        {
            items.Add(Pop());
        }

        items.Reverse();
        PushContainer(new PickleSequence("tuple", items));
    }

    private void PushMap(List<object?> items)
    {
        PickleMap map = new();
        PushContainer(map);
        Set(items);
    }

    private void PopAndAppend()
    {
        object? item = Pop();
        Append([item]);
    }

    private void Append(List<object?> items)
    {
        switch (Peek())
        {
            case PickleSequence sequence:
                sequence.Items.AddRange(items);
                break;
            case PickleObject o:
                (o.Items ??= []).AddRange(items);
                break;
            default:
                throw _input.Error("expected a list to append to, got another value. The pickle is damaged.");
        }
    }

    private void PopAndSet()
    {
        object? value = Pop(), key = Pop();
        Set([key, value]);
    }

    private void Set(List<object?> items)
    {
        PickleMap map = Peek() switch
        {
            PickleMap known => known,
            PickleObject o => o.Map ??= new PickleMap(),
            _ => throw _input.Error("expected a dictionary to add to, got another value. The pickle is damaged."),
        };
        if (items.Count % 2 != 0)
        {
            throw _input.Error("expected keys and values in pairs, got a key alone. The pickle is damaged.");
        }

        for (int i = 0; i < items.Count; i += 2)
        {
            map.Set(items[i], items[i + 1]);
        }
    }

    private void CheckProtocol(byte protocol)
    {
        const byte newest = 5;
        if (protocol > newest)
        {
            throw _input.Error($"expected a pickle of protocol 0 to {newest}, got {protocol}.");
        }
    }

    private ulong Index(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong index)
        ? index
        : throw _input.Error("expected the number of a remembered value, got other text.");

    private void Remember(ulong index)
    {
        CountContainer();
        _memo[index] = Peek();
    }

    private void Recall(ulong index) => Push(_memo.TryGetValue(index, out object? value)
        ? value
        : throw _input.Error($"expected a remembered value, got number {index}, which is none. The pickle is damaged."));

    private void PushGlobal()
    {
        object? name = Pop(), module = Pop();
        Push(module is string first && name is string second
            ? _constructors.Global(first, second)
            : throw _input.Error("expected the name of a class, got another value. The pickle is damaged."));
    }

    // The arguments are taken; the class or function is on top of the stack.
    private void Call(object? arguments)
    {
        object? callee = Pop();
        PushContainer(_constructors.Call(callee, arguments)!);
    }

    private void Build(object? state)
    {
        object? target = Peek();
        _constructors.Build(target, state);
    }

    private void Instance(PickleGlobal type) => PushContainer(_constructors.Call(type, new PickleSequence("tuple", PopItems()))!);

    private void InstanceFromStack()
    {
        List<object?> items = PopItems();
        if (items.Count == 0)
        {
            throw _input.Error("expected a class on the pickle's stack, got none. The pickle is damaged.");
        }

        object? type = items[0];
        items.RemoveAt(0);
        PushContainer(_constructors.Call(type, new PickleSequence("tuple", items))!);
    }
}
