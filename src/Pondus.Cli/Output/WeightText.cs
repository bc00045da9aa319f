using System.Globalization;

namespace Pondus.Cli.Output;

/// <summary>Texts and numbers of weights files as people read them.</summary>
internal static class WeightText
{
    private const string Levels = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

    /// <summary>A text from a file without characters that a terminal would obey: controls, and those that break lines or turn their direction.</summary>
    public static string Safe(string text) => text.Any(IsObeyed) ? string.Concat(text.Select(static c => IsObeyed(c) ? '?' : c)) : text;

    /// <summary>A text cut to a width, with its middle left out: both ends of a tensor's name tell more.</summary>
    public static string Fit(string text, int width)
    {
        string safe = Safe(text);
        if (safe.Length <= width)
        {
            return safe;
        }

        int head = Math.Max(0, (width - 1) / 2), tail = Math.Max(0, width - 1 - head);
        return $"{safe[..head]}\u2026{safe[^tail..]}";
    }

    /// <summary>Three significant digits.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        double.NaN => "-",
        0 => "0",
        >= 1e4 and < 1e6 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 1e-3 and < 1e4 => value.ToString("G4", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => share is > 0 and < 0.00005 ? "< 0.01 %" : $"{100 * share:0.##} %";

    /// <summary>Bytes in the unit that leaves two to four digits.</summary>
    public static string Bytes(long count) => count switch
    {
        < 10_000 => $"{count:N0} B",
        < 10_000_000 => $"{count / 1e3:N1} KB",
        < 10_000_000_000 => $"{count / 1e6:N1} MB",
        _ => $"{count / 1e9:N1} GB",
    };

    /// <summary>Sizes as <c>10 x 784</c>; a single number has none.</summary>
    public static string Shape(ReadOnlySpan<long> shape) => shape.IsEmpty ? "single" : string.Join('x', shape.ToArray());

    /// <summary>Counts as a row of blocks, scaled to the largest; what is not 0 shows.</summary>
    public static string Sparkline(IReadOnlyList<long> counts, int width)
    {
        long[] columns = new long[Math.Min(width, counts.Count)];
        for (int i = 0; i < counts.Count; i++)
        {
            columns[(int)((long)i * columns.Length / counts.Count)] += counts[i];
        }

        long most = columns.Length == 0 ? 0 : columns.Max();
        return string.Concat(columns.Select(count => Levels[count == 0 ? 0 : Math.Max(1, (int)Math.Round(8.0 * count / most))]));
    }

    /// <summary>A bar of blocks whose length is exact to an eighth of a column.</summary>
    public static string Bar(double share, int width)
    {
        int eighths = (int)Math.Round(8 * width * Math.Clamp(share, 0, 1));
        int rest = eighths % 8;
        return new string('\u2588', eighths / 8) + (rest == 0 ? eighths == 0 && share > 0 ? "\u258F" : string.Empty : ((char)('\u2590' - rest)).ToString());
    }

    private static bool IsObeyed(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
