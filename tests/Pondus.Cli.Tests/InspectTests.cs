using System.Runtime.InteropServices;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary><c>inspect</c> on small files whose content is known.</summary>
[Collection(InProcess.Collection)]
public sealed class InspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_Json_HasTheFieldsOfTheDesign()
    {
        string path = Write(Tensor("a", 1, 2, 3, 4), Tensor("b", 0, 0, float.NaN, 5));
        JsonElement json = await JsonAsync("inspect", path);
        Assert.Equal(("safetensors", 8L, 32L, false), (json.GetProperty("format").GetString(), json.GetProperty("parameters").GetInt64(), json.GetProperty("bytes").GetInt64(), json.GetProperty("healthy").GetBoolean()));
        Assert.Equal("1", json.GetProperty("lineage").GetProperty("seed").GetString());
        Assert.Equal("1", json.GetProperty("metadata").GetProperty("pondus.seed").GetString());
        JsonElement a = json.GetProperty("tensors")[0], b = json.GetProperty("tensors")[1];
        Assert.Equal("[2,2]", a.GetProperty("shape").GetRawText().Replace("\n", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.Equal(("a", "float32", 4), (a.GetProperty("name").GetString(), a.GetProperty("dtype").GetString(), a.GetProperty("count").GetInt32()));
        Assert.Equal((1.0, 4.0, 2.5, 0, 0), (a.GetProperty("min").GetDouble(), a.GetProperty("max").GetDouble(), a.GetProperty("mean").GetDouble(), a.GetProperty("zeros").GetInt32(), a.GetProperty("nonfinite").GetInt32()));
        Assert.Equal(Math.Sqrt(1.25), a.GetProperty("std").GetDouble(), 1e-14);

        // SHA-256 of the bytes of 1, 2, 3, 4 in float32.
        byte[] bytes = MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray();
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), a.GetProperty("sha256").GetString());

        // A A' = [[5, 11], [11, 25]]: the product of the singular values is |det A| = 2.
        Assert.Equal(2, a.GetProperty("spectrum").GetProperty("largest").GetDouble() * a.GetProperty("spectrum").GetProperty("smallest").GetDouble(), 1e-12);
        Assert.Equal((2, 1), (b.GetProperty("zeros").GetInt32(), b.GetProperty("nonfinite").GetInt32()));
        Assert.Equal(("non-finite", "error"), (json.GetProperty("findings")[0].GetProperty("id").GetString(), json.GetProperty("findings")[0].GetProperty("severity").GetString()));
        Assert.Equal(0, json.GetProperty("remarks").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_OneTensorJson_HasHistogramAndSingularValues()
    {
        JsonElement tensor = (await JsonAsync("inspect", Write(Tensor("a", 1, 2, 3, 4), Tensor("b", 0, 0, 0, 5)), "--tensor", "a", "--no-hash")).GetProperty("tensors")[0];
        int[] counts = [.. tensor.GetProperty("histogram").GetProperty("counts").EnumerateArray().Select(static count => count.GetInt32())];
        Assert.Equal((20, 4, 1, 1), (counts.Length, counts.Sum(), counts[0], counts[^1]));
        Assert.Equal(2, tensor.GetProperty("spectrum").GetProperty("singularValues").GetArrayLength());
        Assert.False(tensor.TryGetProperty("sha256", out _));
    }

    [Fact]
    public async Task Inspect_Text_ShowsTensorsFindingsAndVerdict()
    {
        ToolResult result = await InProcess.RunAsync("inspect", Write(Tensor("layer.a", 1, 2, 3, 4), Tensor("layer.b", 0, 0, float.NaN, 5)));
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\nformat +safetensors\n", result.Out);
        Assert.Matches(@"\nparameters +8\n", result.Out);
        Assert.Matches(@"\nlineage +seed = 1\n", result.Out);
        Assert.Matches(@"\nlayer\.a +float32 +2x2 +1 +4 +2\.5 +1\.118 .*\u2588", result.Out);
        Assert.Matches(@"\n  error +1 NaN values in layer\.b\.\n", result.Out);
        Assert.EndsWith("\nverdict  not healthy: 1 NaN values in layer.b (and 1 other finding).\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OneTensorText_DrawsItsHistogram()
    {
        ToolResult result = await InProcess.RunAsync("inspect", Write(Tensor("a", 1, 2, 3, 4)), "--tensor", "a");
        Assert.Matches(@"\nfirst +1  2  3  4\n", result.Out);
        Assert.Matches(@"\nas bfloat16 +exact", result.Out);
        Assert.Matches(@"\n +1 +1  \u2588+\n", result.Out);
        Assert.Matches(@"\nrank +2; effective ", result.Out);
    }

    [Theory]
    [InlineData("a.wieght", "pondus: @: expected a tensor 'a.wieght', got 1 others. Did you mean 'a.weight'?\n")]
    [InlineData("zzz", "pondus: @: expected a tensor 'zzz', got 1 others.\n")]
    public async Task Inspect_NoSuchTensor_NamesTheNearest(string name, string message)
    {
        string path = Write(Tensor("a.weight", 1, 2, 3, 4));
        ToolResult result = await InProcess.RunAsync("inspect", path, "--tensor", name);
        Assert.Equal((1, string.Empty, message.Replace("@", path, StringComparison.Ordinal)), (result.Status, result.Out, result.Error));
    }

    [Fact]
    public async Task Inspect_NamesWithControlCharacters_DoNotReachTheTerminal()
    {
        ToolResult result = await InProcess.RunAsync("inspect", Write(Tensor("a\u001b[2J\u0007b", 1, 2, 3, 4)));
        Assert.DoesNotContain('\u001b', result.Out);
        Assert.Contains("a?[2J?b", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_FileThatIsNone_IsOneLine()
    {
        string path = _folder.Write("x.bin", "It was a dark and stormy night.");
        ToolResult result = await InProcess.RunAsync("inspect", path);
        Assert.Equal((1, string.Empty), (result.Status, result.Out));
        Assert.StartsWith($"pondus: {path} at byte 0: expected a weights file", result.Error, StringComparison.Ordinal);
    }

    private static WeightEntry Tensor(string name, params float[] values) => WeightEntry.OfSingle(name, [2, 2], values);

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        ToolResult result = await InProcess.RunAsync([.. args, "--json"]);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return JsonDocument.Parse(result.Out).RootElement;
    }

    private string Write(params WeightEntry[] entries)
    {
        string path = Path.Combine(_folder.Path, "w.safetensors");
        SafetensorsWriter.Save(path, entries, new Dictionary<string, string> { ["pondus.seed"] = "1" });
        return path;
    }

    [Fact]
    public async Task Inspect_FileThatWouldRunCode_ShowsWhatItWouldRunAndOtherCommandsRefuseIt()
    {
        string path = Path.Combine(_folder.Path, "evil.pt"), mark = Path.Combine(_folder.Path, "mark");
        byte[] touch = System.Text.Encoding.UTF8.GetBytes($"touch {mark}");
        using (System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create))
        {
            using Stream pickle = archive.CreateEntry("evil/data.pkl", System.IO.Compression.CompressionLevel.NoCompression).Open();

            // PROTO 2, GLOBAL posix.system, MARK, BINUNICODE touch ..., TUPLE, REDUCE, STOP.
            pickle.Write([0x80, 2, .. "cposix\nsystem\n(X"u8, .. BitConverter.GetBytes(touch.Length), .. touch, .. "tR."u8]);
        }

        ToolResult shown = await InProcess.RunAsync("inspect", path);
        Assert.Contains("not to be trusted: the file asks its reader to run code, which was not done: posix.system", shown.Out, StringComparison.Ordinal);
        Assert.Equal(0, shown.Status);
        ToolResult refused = await InProcess.RunAsync("convert", path, Path.Combine(_folder.Path, "out.safetensors"));
        Assert.Contains("got a pickle that calls posix.system. Nothing was run.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, refused.Status);
        Assert.False(File.Exists(mark));
    }
}
