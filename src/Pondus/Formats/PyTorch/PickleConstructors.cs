using System.Globalization;
using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>Turns calls that a pickle asks for into data: known constructors into what they would make, all others into descriptions.</summary>
internal sealed class PickleConstructors(PickleInput input, PickleReport report, List<TorchStorage> storages)
{
    private const int DeepestForwarding = 8;
    private const int BytesOfPair = 64;
    private const int MostJoined = 64;

    /// <summary>Gets or sets the offset in the file of the operation that is being interpreted.</summary>
    public long Offset { get; set; }

    public PickleGlobal Global(string module, string name) => report.Add(input.Path, module, name, Offset);

    /// <summary>A reference to what lies outside of the pickle: a storage, or in old files a class with its source text.</summary>
    public object? Persistent(object? id)
    {
        if (id is not PickleSequence { Items: [string kind, PickleGlobal type, ..] items })
        {
            throw Error("expected a reference to a storage, got another value.");
        }

        // The source text that old files carry beside a class is not looked at.
        if (kind == "module")
        {
            return type;
        }

        if (kind != "storage" || items.Count < 5 || items[2] is not string key || items[4] is not long count || count < 0)
        {
            throw Error("expected a reference (storage, class, key, device, count), got another one.");
        }

        // The device, items[3], is where the storage was: here it does not matter.
        TorchStorage storage = items.Count > 5 && items[5] is PickleSequence { Items: [_, long offset, long viewCount] }
            ? new TorchStorage(type.Name, key, count, offset, viewCount, Offset)
            : new TorchStorage(type.Name, key, count, 0, count, Offset);
        storages.Add(storage);
        return storage;
    }

    /// <summary>What a call gives.</summary>
    public object? Call(object? callee, object? arguments, int depth = 0)
    {
        if (callee is not PickleGlobal type)
        {
            // The result of a call that was not made, called in turn.
            return callee is PickleObject known ? new PickleObject(known.Type, arguments) : throw Error("expected a class or function to call, got another value.");
        }

        List<object?> items = (arguments as PickleSequence)?.Items ?? [];
        return type.Name switch
        {
            "collections.OrderedDict" or "builtins.dict" or "__builtin__.dict" or "collections.Counter" => Map(items),
            "collections.defaultdict" => new PickleMap(),
            "builtins.list" or "__builtin__.list" or "collections.deque" => Sequence("list", type, items),
            "builtins.tuple" or "__builtin__.tuple" => Sequence("tuple", type, items),
            "builtins.set" or "__builtin__.set" => Sequence("set", type, items),
            "builtins.frozenset" or "__builtin__.frozenset" => Sequence("frozenset", type, items),
            "builtins.bytearray" or "__builtin__.bytearray" or "builtins.bytes" or "__builtin__.bytes" => Bytes(items),
            "builtins.int" or "builtins.float" or "builtins.str" or "builtins.bool" or "__builtin__.int" or "__builtin__.long" or "__builtin__.float" or "__builtin__.str" => items is [var only] ? only : null,
            "builtins.complex" or "__builtin__.complex" => new PickleSymbol(items is [double real, double imaginary] ? string.Create(CultureInfo.InvariantCulture, $"({real}, {imaginary})") : "complex"),
            "_codecs.encode" => Encoded(items),
            "torch.Size" => Sequence("torch.Size", type, items),
            "torch.device" => new PickleSymbol(Joined(':', items)),
            "torch.serialization._get_layout" => new PickleSymbol(items is [string layout] ? layout : "unknown layout"),
            "torch.jit._pickle.restore_type_tag" or "torch.jit._pickle.build_intlist" or "torch.jit._pickle.build_doublelist" or "torch.jit._pickle.build_boollist" or "torch.jit._pickle.build_tensorlist"
                => items is [var value, ..] ? value : null,
            "datetime.datetime" or "datetime.date" => Date(type, items, arguments),
            "decimal.Decimal" => new PickleSymbol(items is [string number] ? number : "decimal"),
            "copyreg._reconstructor" or "copy_reg._reconstructor" => items is [PickleGlobal built, ..] ? Instance(built) : new PickleObject(type, arguments),
            "copyreg.__newobj__" or "copy_reg.__newobj__" => items is [PickleGlobal made, ..] ? new PickleObject(made, arguments) : new PickleObject(type, arguments),
            "torch._tensor._rebuild_from_type" or "torch._tensor._rebuild_from_type_v2" or "torch.tensor._rebuild_from_type"
                => items is [PickleGlobal rebuild, _, PickleSequence inner, ..] ? Call(rebuild, inner, Deeper(depth)) : throw Error($"{type.Name}: expected (function, class, arguments, state), got other arguments."),
            _ when type.Name.StartsWith("torch._utils._rebuild_", StringComparison.Ordinal) => TorchConstructors.Rebuild(type, items, Offset, input) ?? new PickleObject(type, arguments),
            _ when type.Name.StartsWith("numpy", StringComparison.Ordinal) => NumpyConstructors.Call(type.Name, items, Offset, input) ?? new PickleObject(type, arguments),
            _ when type.Name.StartsWith("pathlib.", StringComparison.Ordinal) && type.Verdict == PickleVerdict.Harmless => new PickleSymbol(Joined('/', items)),
            _ => new PickleObject(type, arguments),
        };
    }

    /// <summary>What BUILD does: gives an object its state.</summary>
    public void Build(object? target, object? state)
    {
        switch (target)
        {
            case PickleObject o:
                o.State = state;
                break;
            case NumpyType type:
                type.IsBigEndian = state is PickleSequence { Items: [_, ">", ..] };
                break;
            case NumpyArray array:
                NumpyConstructors.Build(array, state, input);
                break;
            default:
                // Attributes of a dictionary, such as a state_dict's versions, and of tensors: no weights among them.
                break;
        }
    }

    private static PickleObject Instance(PickleGlobal type) => new(type, arguments: null);

    private int Deeper(int depth) => depth < DeepestForwarding ? depth + 1 : throw Error("expected a call, got a call of a call of a call, and so on.");

    // The same dictionary, not a copy: copies of copies are how a small pickle grows.
    private PickleMap Map(List<object?> items)
    {
        if (items is [PickleMap given, ..])
        {
            return given;
        }

        PickleMap map = new();
        foreach (object? pair in items is [PickleSequence pairs, ..] ? pairs.Items : [])
        {
            if (pair is PickleSequence { Items: [var key, var value] })
            {
                input.Charge(BytesOfPair);
                map.Set(key, value);
            }
        }

        return map;
    }

    private static object Sequence(string kind, PickleGlobal type, List<object?> items) => items switch
    {
        [] => new PickleSequence(kind, []),
        [PickleSequence given, ..] => new PickleSequence(kind, given.Items),
        _ => new PickleObject(type, new PickleSequence("tuple", items)),
    };

    private string Joined(char separator, List<object?> items)
    {
        string[] texts = [.. items.Take(MostJoined).Select(PickleText.Short)];
        input.Charge(texts.Sum(static text => (long)text.Length));
        return string.Join(separator, texts);
    }

    private byte[] Bytes(List<object?> items) => items switch
    {
        [] => [],
        [byte[] given, ..] => given,
        [string text, ..] => Latin1(text),
        _ => throw Error("bytes: expected bytes, got another value."),
    };

    private byte[] Encoded(List<object?> items) => items switch
    {
        [string text, "latin1" or "latin-1" or "iso-8859-1"] => Latin1(text),
        [string text, ..] => Utf8(text),
        _ => throw Error("_codecs.encode: expected a text, got another value."),
    };

    private byte[] Latin1(string text)
    {
        input.Charge(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private byte[] Utf8(string text)
    {
        input.Charge(text.Length);
        return Encoding.UTF8.GetBytes(text);
    }

    private static PickleObject Date(PickleGlobal type, List<object?> items, object? arguments) => items is [byte[] { Length: >= 4 } b, ..]
        ? new PickleObject(type, new PickleSymbol(b.Length < 10
            ? string.Create(CultureInfo.InvariantCulture, $"{(b[0] << 8) | b[1]:D4}-{b[2] & 0x7F:D2}-{b[3]:D2}")
            : string.Create(CultureInfo.InvariantCulture, $"{(b[0] << 8) | b[1]:D4}-{b[2] & 0x7F:D2}-{b[3]:D2}T{b[4]:D2}:{b[5]:D2}:{b[6]:D2}")))
        : new PickleObject(type, arguments);

    private WeightFormatException Error(string message) => input.ErrorAt(Offset, message);
}
