using System.Globalization;
using System.Text;

namespace Pondus.Formats.Numpy;

/// <summary>The subset of Python's literals that headers use: texts, whole numbers, True and False, tuples, lists, dictionaries.</summary>
/// <remarks>Gives string, long, bool, <c>List&lt;object&gt;</c> (tuples too) and <c>Dictionary&lt;string, object&gt;</c>. Nothing is run.</remarks>
internal ref struct PythonLiteral
{
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Parses a whole text.</summary>
    /// <exception cref="NpyException">It is no such literal.</exception>
    public static object Parse(ReadOnlySpan<char> text)
    {
        PythonLiteral literal = new(text);
        object value = literal.Value(0);
        literal.SkipSpace();
        return literal._at == text.Length ? value : throw literal.Error("the end");
    }

    private object Value(int depth)
    {
        SkipSpace();
        if (depth > MaxDepth)
        {
            throw Error("fewer brackets within each other");
        }

        switch (Peek())
        {
            case '\'' or '"':
                return Text();
            case '(':
                return Items(')', depth);
            case '[':
                return Items(']', depth);
            case '{':
                return Pairs(depth);
            case '-' or (>= '0' and <= '9'):
                return Number();
            default:
                return TryTake("True") ? true : TryTake("False") ? false : throw Error("a text, a whole number, True, False or a bracket");
        }
    }

    private List<object> Items(char end, int depth)
    {
        List<object> items = [];
        _at++;
        while (!TakeEnd(end))
        {
            items.Add(Value(depth + 1));
            TakeComma(end);
        }

        return items;
    }

    private Dictionary<string, object> Pairs(int depth)
    {
        Dictionary<string, object> pairs = new(StringComparer.Ordinal);
        _at++;
        while (!TakeEnd('}'))
        {
            string key = Value(depth + 1) as string ?? throw Error("a text as the key");
            SkipSpace();
            if (Peek() != ':')
            {
                throw Error("a colon");
            }

            _at++;
            if (!pairs.TryAdd(key, Value(depth + 1)))
            {
                throw Error($"the key '{key}' once");
            }

            TakeComma('}');
        }

        return pairs;
    }

    private string Text()
    {
        StringBuilder text = new();
        char quote = _text[_at++];
        while (Peek() != quote)
        {
            text.Append(Peek() == '\\' ? Escaped() : _text[_at++]);
        }

        _at++;
        return text.ToString();
    }

    private char Escaped()
    {
        _at++;
        char kind = Peek();
        _at++;
        int digits = kind switch
        {
            'x' => 2,
            'u' => 4,
            _ => 0,
        };
        if (digits == 0)
        {
            return kind switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '\\' or '\'' or '"' => kind,
                _ => throw Error("a known escape"),
            };
        }

        if (_text.Length - _at < digits || !ushort.TryParse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            throw Error("hexadecimal digits");
        }

        _at += digits;
        return (char)code;
    }

    private long Number()
    {
        int start = _at++;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        long number = long.TryParse(_text[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw Error("a whole number below 2^63");
        // Python 2 marked large numbers so.
        TryTake("L");
        return number;
    }

    private bool TakeEnd(char end)
    {
        SkipSpace();
        if (Peek() != end)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void TakeComma(char end)
    {
        SkipSpace();
        if (Peek() == ',')
        {
            _at++;
        }
        else if (Peek() != end)
        {
            throw Error($"a comma or {end}");
        }
    }

    private bool TryTake(string word)
    {
        bool isThere = _text[_at..].StartsWith(word, StringComparison.Ordinal);
        _at += isThere ? word.Length : 0;
        return isThere;
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : throw Error("more");

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly NpyException Error(string expectation) =>
        new(WeightRemarkKind.Refused, $"expected {expectation} at character {_at} of the header, got {(_at < _text.Length ? $"'{_text[_at]}'" : "its end")}.");
}
