using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>Files stay small enough to be read at once.</summary>
public sealed class FileSizeTests
{
    private const int LargestLines = 400;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Sources_WrittenByHand_HaveAtMost400Lines(string folder)
    {
        IReadOnlyList<string> files = Repository.Files(folder, ".cs");
        Assert.NotEmpty(files);
        Assert.Empty(files
            .Where(path => !path.EndsWith(".Generated.cs", StringComparison.Ordinal))
            .Select(path => (Path: path, Lines: File.ReadLines(Repository.PathOf(path)).Count()))
            .Where(file => file.Lines > LargestLines)
            .Select(file => $"{file.Path}: expected at most {LargestLines} lines, got {file.Lines}"));
    }
}
