using System.Text.Json;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>A small gpt learns a text of one line, repeated, and writes it on.</summary>
[Collection(InProcess.Collection)]
public sealed class GenerateTests : IDisposable
{
    private const string Line = "abcdefgh\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Generate_TrainedText_WritesItOn()
    {
        string text = _folder.Write("text.txt", string.Concat(Enumerable.Repeat(Line, 200)));
        string experiment = _folder.Write("gpt.json", $$"""
            {
              "schemaVersion": 1,
              "data": { "source": "text", "path": {{JsonSerializer.Serialize(text)}}, "context": 18, "batchSize": 8 },
              "model": { "network": "gpt", "layers": 1, "heads": 2, "width": 16 },
              "loss": "CrossEntropy",
              "optimizer": { "type": "AdamW", "learningRate": 0.01 },
              "training": { "epochs": 20 }
            }
            """);
        string run = Path.Combine(_folder.Path, "run");
        await InProcess.TrainAsync(run, experiment);
        ToolResult result = await InProcess.RunAsync("generate", run, "--prompt", "abc", "--count", "15", "--temperature", "0", "--json");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));

        // More characters than the context holds: the text goes on over the place where it is read again.
        Assert.Equal("defgh\nabcdefgh\n", JsonDocument.Parse(result.Out).RootElement.GetProperty("text").GetString());
        string file = Path.Combine(_folder.Path, "out.txt");
        Assert.Equal(0, (await InProcess.RunAsync("generate", run, "--prompt", "abc", "--count", "40", "--temperature", "0", "--out", file)).Status);
        Assert.Equal("abcdefgh\nabcdefgh\nabcdefgh\nabcdefgh\nabcdefg", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(1, (await InProcess.RunAsync("generate", run, "--prompt", "xyz")).Status);
        Assert.Equal(2, (await InProcess.RunAsync("generate", run, "--count", "0")).Status);
    }

    [Fact]
    public async Task Generate_OtherNetwork_IsRefused()
    {
        string run = Path.Combine(_folder.Path, "run");
        await InProcess.TrainAsync(run, "line");
        ToolResult result = await InProcess.RunAsync("generate", run);
        Assert.Equal(1, result.Status);
        Assert.Contains("expected a run of the network gpt, got one of Sequential.", result.Error, StringComparison.Ordinal);
    }
}
