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
        Repository.AssertNone(files
            .Select(path => (Path: path, Text: Repository.Read(path)))
            .Where(file => !SourceText.IsGenerated(file.Path, file.Text))
            .Select(file => (file.Path, Lines: file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1))
            .Where(file => file.Lines > LargestLines)
            .Select(file => $"{file.Path}: expected at most {LargestLines} lines, got {file.Lines}"));
    }
}
