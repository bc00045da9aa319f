using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>Names and metadata of files are others' texts: a terminal must not obey them.</summary>
public sealed class HostileNameTests : IDisposable
{
    private const string Clear = "w\u001b[2J\u001b]0;title\u0007\u202e\u2028\r\nfake", Color = "b\u009b31mred";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("inspect", "A")]
    [InlineData("diff", "A", "B", "--all")]
    [InlineData("diff", "A", "A", "--all")]
    [InlineData("convert", "A", "OUT.npz")]
    [InlineData("quantize", "A", "OUT.safetensors", "--to", "int8")]
    [InlineData("merge", "A", "A", "OUT.safetensors")]
    [InlineData("prune", "A", "OUT.safetensors", "--share", "0.5")]
    public async Task Run_EscapesInNames_DoNotReachTheTerminal(params string[] arguments)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["note\u001b[31m"] = Clear };
        SafetensorsWriter.Save(Path.Combine(_folder.Path, "A"), [WeightEntry.OfSingle(Clear, [2, 2], new[] { 1f, 2, 3, 4 }), WeightEntry.OfSingle(Color, [2], new[] { 1f, 2 })], metadata);
        SafetensorsWriter.Save(Path.Combine(_folder.Path, "B"), [WeightEntry.OfSingle("other", [3], new[] { 1f, 2, 3 })], metadata);
        ToolResult result = await InProcess.RunAsync([.. arguments.Select(text => text is "A" or "B" || text.StartsWith("OUT", StringComparison.Ordinal) ? Path.Combine(_folder.Path, text) : text)]);
        string all = result.Out + result.Error;
        Assert.NotEqual(ExitCode.WrongUsage, result.Status);
        Assert.NotEmpty(all);
        Assert.DoesNotContain(all, static c => c is '\u001b' or '\u009b' or '\u0007' or '\u202e' or '\u2028' || (char.IsControl(c) && c is not ('\n' or '\r')));
        Assert.DoesNotContain("\nfake", all, StringComparison.Ordinal);
    }
}
