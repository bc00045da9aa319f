using System.Globalization;
using System.Numerics;

namespace Pondus.Formats.PyTorch;

/// <summary>Values of pickles as short texts.</summary>
internal static class PickleText
{
    private const int LongestBytes = 32;
    private const int LongestTuple = 4;

    /// <summary>Gives the text of a value that is no container, or null.</summary>
    internal static string? Scalar(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        string text => text,
        PickleSymbol symbol => symbol.Text,
        PickleGlobal global => global.Name,
        NumpyType type => type.DataType ?? type.Code,
        byte[] { Length: > LongestBytes } bytes => $"{bytes.Length} bytes",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => null,
    };

    /// <summary>Says whether a value is no container.</summary>
    internal static bool IsScalar(object? value) => value is null or bool or long or BigInteger or double or string or PickleSymbol or PickleGlobal or NumpyType or byte[];

    /// <summary>Gives a text for any value.</summary>
    internal static string Short(object? value) => Scalar(value) ?? value switch
    {
        // Keys of dictionaries may be pairs.
        PickleSequence { Items.Count: <= LongestTuple } sequence => $"({string.Join(", ", sequence.Items.Select(static item => Scalar(item) ?? "..."))})",
        PickleObject o => o.Type.Name,
        _ => "...",
    };

    /// <summary>Names the element type of a sequence of one kind, for a summary.</summary>
    internal static string Plural(List<object?> items) =>
        items.TrueForAll(static item => item is long or BigInteger) ? "integers"
        : items.TrueForAll(static item => item is double or long) ? "numbers"
        : items.TrueForAll(static item => item is string) ? "texts"
        : "values";
}
