using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Optional files for tests, below the folder that PONDUS_TEST_DATA names; a test without them skips itself.</summary>
public static class TestData
{
    /// <summary>The variable that names the folder; each reason to skip names it too, and the test script looks for it.</summary>
    public const string Variable = "PONDUS_TEST_DATA";

    /// <summary>The folder; null when none is named or there.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file, or the test ends here as skipped.</summary>
    /// <param name="relative">From the folder, with slashes: <c>tabular/sklearn_iris.csv</c>.</param>
    public static string PathOf(string relative)
    {
        if (Root is null)
        {
            Assert.Skip($"needs {relative}: no test data ({Variable} names no folder)");
        }

        string path = Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"needs {relative}: not in the test data ({Variable})");
        }

        return path;
    }

    private static string? FindRoot()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        return !string.IsNullOrEmpty(named) && Directory.Exists(named) ? Path.GetFullPath(named) : null;
    }
}
