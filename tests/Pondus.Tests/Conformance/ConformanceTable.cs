using Pondus.Tests.Conventions;
using Xunit;

namespace Pondus.Tests.Conformance;

/// <summary>The table docs/conformance.md, with which the counts of a run must agree.</summary>
/// <remarks>The variable PONDUS_CONFORMANCE_ROWS names a file to which the rows of this run are appended, to make the table anew.</remarks>
internal static class ConformanceTable
{
    private static readonly Lock s_lock = new();

    /// <summary>Fails where a sample disagrees or the table says something else.</summary>
    public static void Check(string section, string name, ConformanceCount count)
    {
        string row = count.Row(name);
        if (Environment.GetEnvironmentVariable("PONDUS_CONFORMANCE_ROWS") is { Length: > 0 } path)
        {
            lock (s_lock)
            {
                File.AppendAllText(path, $"{section}\t{row}\n");
            }
        }

        if (count.Failures.Count > 0)
        {
            Assert.Fail($"{name}: {count.Failures.Count} of {count.Failures.Count + count.Agree + count.Refused} samples disagree.\n{string.Join("\n", count.Failures.Take(6))}");
        }

        Assert.True(count.Agree > 0 || count.Unsupported.Count > 0, $"{name}: expected samples that run, got none ({row}).");
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PONDUS_CONFORMANCE_ROWS")))
        {
            Assert.Contains(row, File.ReadLines(Repository.PathOf("docs/conformance.md")));
        }
    }
}
