using System.Globalization;

namespace Pondus.Benchmarks;

/// <summary>Reads <c>--name value</c> pairs and the words between them.</summary>
internal static class CommandLine
{
    public static string? Value(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public static double Number(string[] args, string name, double fallback) =>
        Value(args, name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 ? value
        : throw new ArgumentException($"{name}: expected a number above 0, got '{text}'.");

    public static int Count(string[] args, string name, int fallback) => (int)Number(args, name, fallback);

    /// <summary>The words that are neither an option nor an option's value.</summary>
    public static List<string> Words(string[] args)
    {
        List<string> words = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--", StringComparison.Ordinal))
            {
                i++;
            }
            else
            {
                words.Add(args[i]);
            }
        }

        return words;
    }
}
