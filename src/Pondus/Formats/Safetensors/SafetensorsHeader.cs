using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pondus.Formats.Safetensors;

/// <summary>Parses the JSON header: an object of tensors and, under <c>__metadata__</c>, of texts.</summary>
/// <remarks>A forward reader, so that every complaint names its byte. The JSON reader's own messages are rephrased.</remarks>
internal ref struct SafetensorsHeader
{
    private const int PrefixBytes = 8;

    private readonly string _path;
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    private SafetensorsHeader(string path, ReadOnlySpan<byte> json)
    {
        _path = path;
        _json = json;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>One row of the table.</summary>
    internal readonly record struct Row(string Name, string DataType, long[] Shape, long Begin, long End, long Offset);

    /// <summary>Parses a header.</summary>
    internal static (List<Row> Rows, Dictionary<string, string> Metadata) Parse(string path, ReadOnlySpan<byte> json)
    {
        SafetensorsHeader header = new(path, json);
        if (json.IsEmpty || json[0] != '{')
        {
            throw header.Error(0, $"expected a header that begins with '{{', got {Shown(json)}.");
        }

        header.CheckText();
        try
        {
            return header.ParseTable();
        }
        catch (JsonException error)
        {
            long line = error.LineNumber ?? 0, column = error.BytePositionInLine ?? 0;
            throw header.Error(line == 0 ? column : header._reader.BytesConsumed, "expected a header of valid JSON, got a syntax error. The file is damaged.");
        }
    }

    private static string Shown(ReadOnlySpan<byte> json) =>
        json.IsEmpty ? "no bytes" : string.Create(CultureInfo.InvariantCulture, $"byte 0x{json[0]:X2}");

    private void CheckText()
    {
        if (Utf8.IsValid(_json))
        {
            return;
        }

        int at = 0;
        while (Rune.DecodeFromUtf8(_json[at..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        throw Error(at, $"expected a header in UTF-8, got byte 0x{_json[at]:X2}.");
    }

    private (List<Row> Rows, Dictionary<string, string> Metadata) ParseTable()
    {
        List<Row> rows = [];
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        _reader.Read();
        while (ReadName(out string name, out long at))
        {
            if (!names.Add(name))
            {
                throw Error(at, $"expected each name once, got '{name}' twice.");
            }

            if (name is "__metadata__")
            {
                ParseMetadata(metadata);
            }
            else
            {
                rows.Add(ParseRow(name, at));
            }
        }

        // Only white space may follow; the reader throws on anything else.
        _reader.Read();
        return (rows, metadata);
    }

    private void ParseMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject, "__metadata__: expected an object");
        while (ReadName(out string key, out long at))
        {
            _reader.Read();
            Require(JsonTokenType.String, $"__metadata__: expected a text under '{key}'");
            if (!metadata.TryAdd(key, Text()))
            {
                throw Error(at, $"__metadata__: expected each key once, got '{key}' twice.");
            }
        }
    }

    private Row ParseRow(string name, long at)
    {
        Expect(JsonTokenType.StartObject, $"tensor '{name}': expected an object");
        string? dataType = null;
        long[]? shape = null, offsets = null;
        while (ReadName(out string key, out long keyAt))
        {
            bool twice = false;
            switch (key)
            {
                case "dtype":
                    twice = dataType is not null;
                    dataType = ParseDataType(name);
                    break;
                case "shape":
                    twice = shape is not null;
                    shape = ParseNumbers(name, key);
                    break;
                case "data_offsets":
                    twice = offsets is not null;
                    offsets = ParseNumbers(name, key);
                    break;
                default:
                    _reader.Read();
                    _reader.Skip();
                    break;
            }

            if (twice)
            {
                throw Error(keyAt, $"tensor '{name}': expected each key once, got '{key}' twice.");
            }
        }

        if (dataType is null || shape is null || offsets is null)
        {
            string missing = string.Join(", ", new[] { dataType is null ? "dtype" : null, shape is null ? "shape" : null, offsets is null ? "data_offsets" : null }.OfType<string>());
            throw Error(at, $"tensor '{name}': expected dtype, shape and data_offsets, got no {missing}.");
        }

        return offsets.Length == 2
            ? new Row(name, dataType, shape, offsets[0], offsets[1], PrefixBytes + at)
            : throw Error(at, $"tensor '{name}': expected two data_offsets, got {offsets.Length}.");
    }

    private string ParseDataType(string name)
    {
        _reader.Read();
        Require(JsonTokenType.String, $"tensor '{name}': expected a dtype");
        string code = Text();
        return SafetensorsTypes.DataType(code)
            ?? throw Error(_reader.TokenStartIndex, $"tensor '{name}': expected a dtype such as F32, got '{code}'.");
    }

    private long[] ParseNumbers(string name, string key)
    {
        Expect(JsonTokenType.StartArray, $"tensor '{name}': expected an array under {key}");
        List<long> numbers = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
            {
                throw Error(_reader.TokenStartIndex, $"tensor '{name}': expected whole numbers from 0 to 2^63 - 1 in {key}, got {Token()}.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private bool ReadName(out string name, out long at)
    {
        _reader.Read();
        at = _reader.TokenStartIndex;
        name = _reader.TokenType == JsonTokenType.PropertyName ? Text() : "";
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    private string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error(_reader.TokenStartIndex, "expected text, got an escape that is half a character.");
        }
    }

    private void Expect(JsonTokenType type, string expectation)
    {
        _reader.Read();
        Require(type, expectation);
    }

    private readonly void Require(JsonTokenType type, string expectation)
    {
        if (_reader.TokenType != type)
        {
            throw Error(_reader.TokenStartIndex, $"{expectation}, got {Token()}.");
        }
    }

    private readonly string Token()
    {
        const int shownBytes = 40;
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a text",
            _ when _reader.ValueSpan.Length > shownBytes => $"{Encoding.UTF8.GetString(_reader.ValueSpan[..shownBytes])}...",
            _ => Encoding.UTF8.GetString(_reader.ValueSpan),
        };
    }

    private readonly WeightFormatException Error(long at, string message) => new(_path, PrefixBytes + at, message);
}
