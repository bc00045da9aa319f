using System.Globalization;

namespace Pondus.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class NumberText
{
    /// <summary>At most 15 digits: what arithmetic in binary adds behind them (5.1000000000000005) is no information.</summary>
    public static string Exact(double value) => value.ToString("G15", CultureInfo.InvariantCulture);

    /// <summary>Four digits behind the point, or as many significant ones when the number is small or large.</summary>
    public static string Short(double value) =>
        value == 0 || (Math.Abs(value) >= 0.01 && Math.Abs(value) < 1e6)
            ? value.ToString("F4", CultureInfo.InvariantCulture)
            : value.ToString("0.###e+0", CultureInfo.InvariantCulture);

    /// <summary>A duration: 0.42 s, 12.3 s, 3 min 20 s, 2 h 5 min.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => $"{seconds:F2} s",
        < 120 => $"{seconds:F1} s",
        < 7200 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        _ => $"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60} min",
    };
}
