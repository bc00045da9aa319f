using System.Globalization;

namespace Pondus.Formats.Flax;

/// <summary>Walks through a Flax state: maps of maps whose leaves are arrays, numbers and texts.</summary>
internal sealed class FlaxReader
{
    /// <summary>The key that marks an array in several parts.</summary>
    internal const string ChunkedKey = "__msgpack_chunked_array__";

    private const int MaxDepth = 64;
    private const int MaxPathLength = 4096;
    private const int MaxTexts = 10_000;

    // A name may be much longer than what it names, so all names together have a limit.
    private const long MaxLetters = 40_000_000;
    private const int ArrayExtension = 1;
    private const int ComplexExtension = 2;
    private const int ScalarExtension = 3;

    private readonly RandomAccessFile _file;
    private readonly MsgpackReader _reader;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _textsLeftOut;
    private long _letters;

    public FlaxReader(RandomAccessFile file)
    {
        _file = file;
        _reader = new MsgpackReader(file);
        Value(string.Empty, 0);
        if (_reader.Position != file.Length)
        {
            throw _reader.Error($"expected the end of the file, got {file.Length - _reader.Position} more bytes");
        }

        if (_textsLeftOut > 0)
        {
            Remarks.Add(new WeightRemark(WeightRemarkKind.Skipped, "metadata", $"Of the numbers and texts, {_textsLeftOut} beyond the first {MaxTexts} were left out."));
        }
    }

    public List<WeightEntry> Entries { get; } = [];

    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public List<WeightRemark> Remarks { get; } = [];

    private void Value(string path, int depth)
    {
        if (depth > MaxDepth || path.Length > MaxPathLength)
        {
            throw _reader.Error($"expected at most {MaxDepth} maps within each other and names of {MaxPathLength} characters, got more");
        }

        MsgpackToken token = _reader.Next();
        switch (token.Kind)
        {
            case MsgpackKind.Map:
                Map(path, token.Count, depth);
                break;
            case MsgpackKind.Array:
                for (long i = 0; i < token.Count; i++)
                {
                    Value(Below(path, i.ToString(CultureInfo.InvariantCulture)), depth + 1);
                }

                break;
            case MsgpackKind.Extension:
                Extension(path, token);
                break;
            default:
                AddText(path, Leaf(token));
                break;
        }
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}/{key}";

    private void Map(string path, long count, int depth)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            string key = Key();
            if (!keys.Add(key))
            {
                throw _reader.Error($"'{path}': expected each key once, got '{key}' twice");
            }

            if (i == 0 && key is ChunkedKey)
            {
                Chunked(path, count);
                return;
            }

            Value(Below(path, key), depth + 1);
        }
    }

    private string Key()
    {
        MsgpackToken token = _reader.Next();
        return token.Kind switch
        {
            MsgpackKind.Text => _reader.Text(token),
            MsgpackKind.Signed or MsgpackKind.Unsigned => Leaf(token),
            _ => throw _reader.Error($"expected a text as the key of a map, got {token.Kind}"),
        };
    }

    private string Leaf(MsgpackToken token)
    {
        switch (token.Kind)
        {
            case MsgpackKind.Nil:
                return "null";
            case MsgpackKind.Truth:
                return token.Number == 0 ? "false" : "true";
            case MsgpackKind.Signed:
                return token.Number.ToString(CultureInfo.InvariantCulture);
            case MsgpackKind.Unsigned:
                return ((ulong)token.Number).ToString(CultureInfo.InvariantCulture);
            case MsgpackKind.Real:
                return token.Real.ToString("R", CultureInfo.InvariantCulture);
            case MsgpackKind.Text:
                return _reader.Text(token);
            default:
                _reader.Skip(token);
                return $"{token.Count} bytes";
        }
    }

    private void AddText(string path, string text)
    {
        if (Texts.Count < MaxTexts)
        {
            Texts[path] = text;
        }
        else
        {
            _textsLeftOut++;
        }
    }

    private void Extension(string path, MsgpackToken token)
    {
        switch (token.Extension)
        {
            case ArrayExtension:
                Part part = ArrayPart(path, token);
                AddEntry(path, part.DataType, part.Shape, part.ByteCount, (offset, destination) => _file.Read(part.Offset + offset, destination));
                break;
            case ScalarExtension:
                AddText(path, ScalarText(path, token));
                break;
            case ComplexExtension:
                MsgpackToken pair = _reader.Next();
                if (pair is not { Kind: MsgpackKind.Array, Count: 2 })
                {
                    throw _reader.Error($"'{path}': expected the two parts of a complex number, got {pair.Kind}");
                }

                AddText(path, $"({Leaf(_reader.Next())}, {Leaf(_reader.Next())})");
                break;
            default:
                Charge(path);
                Remarks.Add(new WeightRemark(WeightRemarkKind.Skipped, path, $"A value of extension {token.Extension} was left out: Flax has no such kind."));
                break;
        }

        _reader.Skip(token);
    }

    private string ScalarText(string path, MsgpackToken token)
    {
        Part part = ArrayPart(path, token);
        WeightLayout? layout = WeightTypes.Layout(part.DataType);
        if (part.Shape.Length > 0 || layout is not { Elements: 1 } || layout.Value.Bytes != part.ByteCount)
        {
            return $"{part.DataType} of {part.ByteCount} bytes";
        }

        byte[] bytes = _file.ReadBytes(part.Offset, part.ByteCount, "a number");
        Span<float> value = stackalloc float[1];
        return part.DataType is "float64" ? BitConverter.ToDouble(bytes).ToString("R", CultureInfo.InvariantCulture)
            : SingleConversion.Convert(part.DataType, bytes, value) is not null ? value[0].ToString("R", CultureInfo.InvariantCulture)
            : $"{part.DataType} of {part.ByteCount} bytes";
    }

    /// <summary>Reads the head of an array: sizes, the type's name, and where the bytes lie.</summary>
    private Part ArrayPart(string path, MsgpackToken extension)
    {
        MsgpackToken triple = _reader.Next();
        long[]? shape = triple is { Kind: MsgpackKind.Array, Count: 3 } ? Sizes() : null;
        MsgpackToken type = shape is null ? default : _reader.Next();
        if (shape is null || type.Kind is not (MsgpackKind.Text or MsgpackKind.Bytes))
        {
            throw _reader.Error($"'{path}': expected an array of sizes, type and bytes, got another value");
        }

        string dataType = _reader.Text(type);
        MsgpackToken bytes = _reader.Next();
        return bytes.Kind == MsgpackKind.Bytes && bytes.Offset + bytes.Count == extension.Offset + extension.Count
            ? new Part(dataType, shape, bytes.Offset, bytes.Count)
            : throw _reader.Error($"'{path}': expected the bytes of an array to its end, got {bytes.Kind}");
    }

    private long[]? Sizes()
    {
        const int maxRank = 64;
        MsgpackToken token = _reader.Next();
        if (token.Kind is not (MsgpackKind.Array or MsgpackKind.Map) || token.Count > maxRank)
        {
            return null;
        }

        long[] sizes = new long[token.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (token.Kind == MsgpackKind.Map)
            {
                Key();
            }

            MsgpackToken size = _reader.Next();
            if (size.Kind is not (MsgpackKind.Signed or MsgpackKind.Unsigned) || size.Number < 0)
            {
                return null;
            }

            sizes[i] = size.Number;
        }

        return sizes;
    }

    private void Chunked(string path, long count)
    {
        MsgpackToken mark = _reader.Next();
        if (mark.Kind != MsgpackKind.Truth || count != 3 || Key() is not "shape" || Sizes() is not { } shape || Key() is not "chunks" || _reader.Next() is not { Kind: MsgpackKind.Map } map)
        {
            throw _reader.Error($"'{path}': expected the shape and the chunks of an array, got other keys");
        }

        List<Part> parts = [];
        for (long i = 0; i < map.Count; i++)
        {
            Key();
            MsgpackToken token = _reader.Next();
            Part part = token is { Kind: MsgpackKind.Extension, Extension: ArrayExtension }
                ? ArrayPart(path, token)
                : throw _reader.Error($"'{path}': expected a chunk of an array, got {token.Kind}");
            parts.Add(parts.Count == 0 || string.Equals(part.DataType, parts[0].DataType, StringComparison.Ordinal)
                ? part
                : throw _reader.Error($"'{path}': expected chunks of {parts[0].DataType}, got {part.DataType}"));
            _reader.Skip(token);
        }

        AddEntry(path, parts.Count > 0 ? parts[0].DataType : "float32", shape, parts.Sum(static part => part.ByteCount), (offset, destination) => ReadParts(parts, offset, destination));
    }

    private void ReadParts(List<Part> parts, long offset, Span<byte> destination)
    {
        foreach (Part part in parts)
        {
            if (destination.IsEmpty)
            {
                return;
            }

            if (offset < part.ByteCount)
            {
                int count = (int)Math.Min(destination.Length, part.ByteCount - offset);
                _file.Read(part.Offset + offset, destination[..count]);
                destination = destination[count..];
                offset += count;
            }

            offset -= part.ByteCount;
        }
    }

    private void Charge(string path)
    {
        _letters += path.Length;
        if (_letters > MaxLetters)
        {
            throw _reader.Error($"expected at most {MaxLetters} letters of names, got more");
        }
    }

    private void AddEntry(string path, string dataType, long[] shape, long byteCount, WeightBytesReader reader)
    {
        Charge(path);
        string name = path.Length == 0 ? "tensor" : path;
        if (WeightTypes.Layout(dataType) is not { } layout)
        {
            Remarks.Add(new WeightRemark(WeightRemarkKind.Refused, name, $"Expected numbers, got {dataType}, a type that is not known."));
        }
        else if (!WeightTypes.TryCountBytes(layout, shape, out long expected) || expected != byteCount)
        {
            throw _reader.Error($"tensor '{name}': expected as many bytes as {dataType} ({string.Join(", ", shape)}) takes, got {byteCount}");
        }
        else if (!_names.Add(name))
        {
            // 'a/b' may be one key, and a key within another.
            throw _reader.Error($"tensor '{name}': expected each name once, got it twice");
        }
        else
        {
            Entries.Add(new WeightEntry(name, dataType, shape, byteCount, reader));
        }
    }

    private readonly record struct Part(string DataType, long[] Shape, long Offset, long ByteCount);
}
