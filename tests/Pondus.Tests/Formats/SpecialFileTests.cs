using System.Diagnostics;
using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats;

/// <summary>Paths that are no files: nothing waits for them and nothing is read from them.</summary>
public sealed class SpecialFileTests
{
    private const string Message = "got an empty file, a pipe or a device.";

    [Fact]
    public async Task Open_PipeWithoutWriter_IsRefusedAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are made by mkfifo");
        using TestFolder folder = new();
        string pipe = folder.File("pipe.safetensors"), link = folder.File("link.safetensors");
        using (Process make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.CreateSymbolicLink(link, pipe);
        foreach (string path in new[] { pipe, link })
        {
            Task<WeightFormatException> refused = Task.Run(() => Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)), TestContext.Current.CancellationToken);
            WeightFormatException error = await refused.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.EndsWith(Message, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void Open_Device_IsRefused(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"needs {path}");
        Assert.EndsWith(Message, Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EmptyFile_HasNoTensorsOrIsRefused()
    {
        using TestFolder folder = new();
        string path = folder.Write("empty", Array.Empty<byte>());
        foreach (IWeightFormat format in WeightFormats.All)
        {
            try
            {
                using WeightFile file = format.Open(path);
                Assert.Empty(file.Entries);
            }
            catch (Exception error) when (error is WeightFormatException or IOException or NotSupportedException)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
            }
        }
    }
}
