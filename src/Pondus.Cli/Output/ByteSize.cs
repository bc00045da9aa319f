using System.Globalization;

namespace Pondus.Cli.Output;

/// <summary>Numbers of bytes as people read and write them.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    /// <summary>Reads a size such as <c>2GB</c>, <c>500 MiB</c> or <c>1000000</c>; null when the text is none of at least a byte.</summary>
    public static long? Parse(string text)
    {
        string trimmed = text.Trim();
        (string unit, double bytes) = s_units.FirstOrDefault(candidate => trimmed.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        string number = trimmed[..^unit.Length].Trim();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * bytes >= 1 && count * bytes < long.MaxValue
            ? (long)(count * bytes)
            : null;
    }

    /// <summary>Writes a size with three digits or more: 999 B, 1.25 MB.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:F1} KB",
        < 1_000_000_000 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes / 1e9:F2} GB",
    };
}
