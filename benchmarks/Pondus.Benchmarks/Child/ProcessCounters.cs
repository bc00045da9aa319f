using System.Diagnostics;
using System.Globalization;

namespace Pondus.Benchmarks.Child;

/// <summary>What the system counts, where it is Linux; zero elsewhere.</summary>
internal sealed class ProcessCounters
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly double _others = OtherSeconds();

    /// <summary>The largest memory that this process had resident.</summary>
    public static double PeakMegabytes()
    {
        const string file = "/proc/self/status";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>How many cores other processes kept busy since this was made.</summary>
    public double OtherCores() => Math.Round(Math.Max(0, OtherSeconds() - _others) / Stopwatch.GetElapsedTime(_begin).TotalSeconds, 2);

    private static double OtherSeconds()
    {
        const string file = "/proc/stat";
        const double ticksPerSecond = 100;
        if (!File.Exists(file))
        {
            return 0;
        }

        double[] ticks = [.. File.ReadLines(file).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(static t => double.Parse(t, CultureInfo.InvariantCulture))];
        using Process self = Process.GetCurrentProcess();
        return ((ticks.Sum() - ticks[3] - ticks[4]) / ticksPerSecond) - self.TotalProcessorTime.TotalSeconds;
    }
}
