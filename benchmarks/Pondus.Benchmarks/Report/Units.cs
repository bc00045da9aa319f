using System.Globalization;

namespace Pondus.Benchmarks.Report;

internal static class Units
{
    /// <summary>A time in the unit that suits it.</summary>
    public static string Time(double microseconds) => microseconds switch
    {
        double.NaN => "-",
        < 1e3 => microseconds.ToString(microseconds < 100 ? "F2" : "F1", CultureInfo.InvariantCulture) + " us",
        < 1e6 => (microseconds / 1e3).ToString("F2", CultureInfo.InvariantCulture) + " ms",
        _ => (microseconds / 1e6).ToString("F3", CultureInfo.InvariantCulture) + " s",
    };

    public static string Megabytes(double value) => value.ToString("F0", CultureInfo.InvariantCulture) + " MB";

    public static string Fixed(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
