using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pondus;

/// <summary>Time by operation and shape, where the environment variable PONDUS_PROFILE is 1: for finding out what limits a network.</summary>
/// <remarks>
/// An operation asks for its result before it computes, so the time from one result to the next is that of the first.
/// Off, the switch is a constant to the compiler and costs nothing. It watches one thread: that of the steps.
/// </remarks>
internal static class OperationProfile
{
    /// <summary>Whether times are taken.</summary>
    public static readonly bool IsOn = Environment.GetEnvironmentVariable("PONDUS_PROFILE") == "1";

    private static readonly Dictionary<(string Name, bool Backward, Shape Shape), (long Ticks, long Calls)> s_times = [];
    private static (string Name, bool Backward, Shape Shape) s_current = ("between", false, []);
    private static long s_since = Stopwatch.GetTimestamp();

    /// <summary>What follows belongs to this operation.</summary>
    public static void Mark(Operation operation, bool backward, in Shape shape) => Mark((operation.ToString() ?? string.Empty, backward, shape));

    /// <summary>What follows belongs to none: the loss is read, the optimizer steps, the next batch is gathered.</summary>
    public static void MarkOther(string name) => Mark((name, false, []));

    /// <summary>Forgets what was measured so far, such as a warm-up.</summary>
    public static void Clear() => s_times.Clear();

    /// <summary>Prints a table, the longest first.</summary>
    /// <param name="steps">Number of steps since <see cref="Clear"/>.</param>
    public static string Report(int steps)
    {
        StringBuilder text = new();
        double total = s_times.Values.Sum(static t => (double)t.Ticks), unit = 1000.0 / Stopwatch.Frequency / steps;
        text.Append(CultureInfo.InvariantCulture, $"{total * unit,9:F3} ms a step\n");
        foreach (((string name, bool backward, Shape shape), (long ticks, long calls)) in s_times.OrderByDescending(static p => p.Value.Ticks))
        {
            text.Append(CultureInfo.InvariantCulture, $"{ticks * unit,9:F3} ms {100 * ticks / total,5:F1} %  {calls / (double)steps,5:F1} x  {name} {(backward ? "backward" : string.Empty)} {shape}\n");
        }

        return text.ToString();
    }

    private static void Mark((string Name, bool Backward, Shape Shape) next)
    {
        long now = Stopwatch.GetTimestamp();
        (long ticks, long calls) = s_times.GetValueOrDefault(s_current);
        s_times[s_current] = (ticks + now - s_since, calls + 1);
        s_current = next;
        s_since = now;
    }
}
