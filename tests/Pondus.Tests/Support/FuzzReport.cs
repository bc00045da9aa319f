using System.Diagnostics;
using System.Globalization;

namespace Pondus.Tests.Support;

/// <summary>What came of many damaged files.</summary>
/// <param name="Name">The reader.</param>
/// <param name="Count">How many were given to it.</param>
/// <param name="Read">How many of them were read without complaint.</param>
/// <param name="LongestMilliseconds">The longest time that one took.</param>
/// <param name="MostAllocated">The most bytes that one had allocated in all, whether at once or after each other.</param>
internal sealed record FuzzReport(string Name, int Count, int Read, double LongestMilliseconds, long MostAllocated)
{
    /// <summary>The report as a row of the table in docs/fuzzing.md.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Name} | {Count:N0} | {Read:N0} | {Count - Read:N0} | {LongestMilliseconds:F0} | {MostAllocated / 1048576.0:F1} | {PeakMebibytes():F0} |");

    private static double PeakMebibytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
