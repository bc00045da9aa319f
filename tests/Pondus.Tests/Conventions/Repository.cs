using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    private static readonly HashSet<string> s_skipped = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", "artifacts", "runs", "node_modules", "TestResults", "__pycache__",
    };

    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder that is named from the root, with slashes.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>All text of a file that is named from the root.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Files below a folder, without what builds and runs leave; paths from the root, with slashes, sorted.</summary>
    /// <param name="folder">A folder named from the root; empty for the root itself.</param>
    /// <param name="extensions">Wanted endings with their dot; none for all files.</param>
    public static IReadOnlyList<string> Files(string folder, params string[] extensions)
    {
        List<string> found = [];
        Collect(new DirectoryInfo(PathOf(folder)), extensions, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Fails with one line for each thing that is wrong, none cut short.</summary>
    public static void AssertNone(IEnumerable<string> wrong)
    {
        string[] lines = wrong.ToArray();
        if (lines.Length > 0)
        {
            Assert.Fail($"{lines.Length} found:\n{string.Join('\n', lines)}");
        }
    }

    private static void Collect(DirectoryInfo folder, string[] extensions, List<string> found)
    {
        if (!folder.Exists)
        {
            return;
        }

        foreach (FileInfo file in folder.EnumerateFiles())
        {
            if (extensions.Length == 0 || extensions.Contains(file.Extension, StringComparer.Ordinal))
            {
                found.Add(Path.GetRelativePath(Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'));
            }
        }

        foreach (DirectoryInfo inner in folder.EnumerateDirectories())
        {
            if (!s_skipped.Contains(inner.Name))
            {
                Collect(inner, extensions, found);
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pondus.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"Tests: expected Pondus.slnx above {AppContext.BaseDirectory}, got none.");
    }
}
