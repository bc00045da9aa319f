using System.Text;
using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_ExistingFile_ReplacesItAndLeavesNothingElse()
    {
        using TestFolder folder = new();
        string path = folder.Write("a.txt", "old and longer");
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names());
    }

    [Fact]
    public void Write_FailsInTheMiddle_KeepsTheOldContentAndRemovesThePart()
    {
        using TestFolder folder = new();
        string path = folder.Write("a.txt", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes("half"));
            throw new InvalidOperationException("stop");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names());
    }

    [Fact]
    public void Write_DiskFull_SaysSo()
    {
        using TestFolder folder = new();
        string path = folder.Write("a.txt", "old");
        IOException error = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device", 28)));
        Assert.Equal($"{path}: expected to write this file, got: the disk is full. The file was left as it was.", error.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names());
    }

    [Fact]
    public void Write_NoFolder_NamesTheFolder()
    {
        using TestFolder folder = new();
        string path = folder.File("missing/a.txt");
        IOException error = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "x"));
        Assert.Equal($"{path}: expected to write this file, got: no folder {folder.File("missing")}. Make it first.", error.Message);
    }

    [Fact]
    public void Write_TargetIsAFolder_SaysSo()
    {
        using TestFolder folder = new();
        string path = folder.File("taken");
        Directory.CreateDirectory(path);
        IOException error = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "x"));
        Assert.Equal($"{path}: expected to write this file, got: a folder has this name.", error.Message);
        Assert.Equal(["taken"], folder.Names());
    }
}
