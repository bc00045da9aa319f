using System.Globalization;

namespace Pondus.Formats.Numpy;

/// <summary>An element type as NumPy spells it: byte order, kind, size.</summary>
/// <param name="Text">The spelling, such as <c>&lt;f4</c>.</param>
/// <param name="DataType">The type's name here; null when such elements are no numbers, or of a size that is not known.</param>
/// <param name="ByteCount">Bytes of an element.</param>
/// <param name="SwappedBytes">Bytes of the parts whose order is to be turned round; 1 when it is right.</param>
internal sealed record NpyType(string Text, string? DataType, long ByteCount, int SwappedBytes)
{
    private static readonly (string Code, string DataType)[] s_types =
    [
        ("b1", "bool"),
        ("i1", "int8"),
        ("i2", "int16"),
        ("i4", "int32"),
        ("i8", "int64"),
        ("u1", "uint8"),
        ("u2", "uint16"),
        ("u4", "uint32"),
        ("u8", "uint64"),
        ("f2", "float16"),
        ("f4", "float32"),
        ("f8", "float64"),
        ("c8", "complex64"),
        ("c16", "complex128"),
    ];

    /// <summary>Whether elements are Python objects, which are stored as a pickle.</summary>
    public bool IsObject => Text.TrimStart('<', '>', '|', '=') is ['O', ..];

    /// <summary>Reads a spelling; null when it is none.</summary>
    public static NpyType? Parse(string text)
    {
        const int charBytes = 4, timeBytes = 8, pointerBytes = 8;
        string code = text.TrimStart('<', '>', '|', '=');
        if (code.Length == 0 || text.Length - code.Length > 1)
        {
            return null;
        }

        if (code[0] is 'O')
        {
            return new NpyType(text, null, pointerBytes, 1);
        }

        // Times carry their unit in brackets.
        string digits = code[0] is 'M' or 'm' ? code[1..].Split('[')[0] : code[1..];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            return null;
        }

        string? dataType = Array.Find(s_types, type => string.Equals(type.Code, code, StringComparison.Ordinal)).DataType;
        long bytes = code[0] switch
        {
            'U' => (long)charBytes * size,
            'M' or 'm' => timeBytes,
            _ => size,
        };
        int swapped = text[0] != '>' || dataType is null ? 1 : code[0] is 'c' ? size / 2 : size;
        return new NpyType(text, dataType, bytes, swapped);
    }

    /// <summary>The spelling of a type; null when NumPy has none.</summary>
    public static string? Spell(string dataType)
    {
        string? code = Array.Find(s_types, type => string.Equals(type.DataType, dataType, StringComparison.Ordinal)).Code;
        return code is null ? null : code.EndsWith('1') ? $"|{code}" : $"<{code}";
    }
}
