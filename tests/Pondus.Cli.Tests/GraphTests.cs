using System.Text.Json;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary><c>pondus run</c>: an ONNX graph on the command line.</summary>
[Collection(InProcess.Collection)]
public sealed class GraphTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GraphTests() => OnnxWriter.Save(At("g.onnx"), new OnnxModel
    {
        IrVersion = 10,
        Opsets = new Dictionary<string, long> { [""] = 21 },
        Graph = new OnnxGraph
        {
            Name = "g",
            Inputs = [new OnnxValueInfo("x", new OnnxTypeInfo(OnnxType.Float, [new OnnxDimension(null, "batch"), new OnnxDimension(2, null)]))],
            Outputs = [new OnnxValueInfo("y", new OnnxTypeInfo(OnnxType.Float, null)), new OnnxValueInfo("n", new OnnxTypeInfo(OnnxType.Int64, null))],
            Initializers = [new OnnxTensor { Name = "w", Type = OnnxType.Float, Dims = [2], Entry = OnnxValue.Of([10f, 20f], 2).ToEntry("w") }],
            Nodes = [new OnnxNode { OpType = "Add", Inputs = ["x", "w"], Outputs = ["y"] }, new OnnxNode { OpType = "Shape", Inputs = ["x"], Outputs = ["n"] }],
        },
    });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_WithoutInputs_SaysWhatTheGraphWants()
    {
        ToolResult text = await InProcess.RunAsync("run", At("g.onnx"));
        Assert.Equal((0, string.Empty), (text.Status, text.Error));
        Assert.Equal($"{At("g.onnx")}: 2 nodes, 2 parameters, ai.onnx 21\ninput   x  float32  (batch, 2)\noutput  y  float32\noutput  n  int64\n", text.Out);
        JsonElement json = await JsonAsync("run", At("g.onnx"));
        JsonElement input = json.GetProperty("inputs")[0];
        Assert.Equal(("x", "float32", "batch", "2"), (Text(input, "name"), Text(input, "dtype"), input.GetProperty("shape")[0].GetString(), input.GetProperty("shape")[1].GetString()));
    }

    [Theory]
    [InlineData("x.npz", "x")]
    [InlineData("x.npy", "whatever")]
    [InlineData("x.safetensors", "x")]
    public async Task Run_WithInputs_ShowsAndWritesTheOutputs(string file, string name)
    {
        Save(file, OnnxValue.Of([1f, 2f, 3f, 4f], 2, 2).ToEntry(name));
        JsonElement json = await JsonAsync("run", At("g.onnx"), "--inputs", At(file), "--out", At("y.npz"));
        JsonElement y = json.GetProperty("outputs")[0];
        Assert.Equal(("y", "float32"), (Text(y, "name"), Text(y, "dtype")));
        // 11, 22, 13, 24.
        Assert.Equal((11, 24, 17.5), (y.GetProperty("min").GetDouble(), y.GetProperty("max").GetDouble(), y.GetProperty("mean").GetDouble()));
        Assert.Equal(64, Text(y, "sha256")!.Length);
        using WeightFile written = WeightFile.Open(At("y.npz"));
        Assert.Equal([11f, 22f, 13f, 24f], written.ReadSingle("y"));
        Assert.Equal("n int64 (2)", written.Find("n")!.ToString());
        ToolResult text = await InProcess.RunAsync("run", At("g.onnx"), "--inputs", At(file));
        Assert.Contains("y       float32  (2, 2)  11.0000  24.0000  17.5000  11.0000 22.0000 13.0000 24.0000", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_LargeTokensAndComplexNumbers_AreExactOrLeftOut()
    {
        using StringWriter output = new();
        // 2^24 + 1 is no float32.
        GraphText.Show(new CommandContext { Out = output, Error = TextWriter.Null }, [("n", OnnxValue.Of([16777217L, 5L], 2)), ("c", OnnxValue.Of([new System.Numerics.Complex(1, 2)], 1))], json: false);
        Assert.Matches(@"n +int64 +\(2\) +5 +16777217 +8\.389e\+6 +16777217 5", output.ToString());
        Assert.Matches(@"c +complex128 +\(1\) +- +- +-", output.ToString());
    }

    [Fact]
    public async Task Run_WrongInputs_FailsInOneLine()
    {
        Save("x.npz", OnnxValue.Of([1d, 2d], 1, 2).ToEntry("x"));
        ToolResult result = await InProcess.RunAsync("run", At("g.onnx"), "--inputs", At("x.npz"));
        Assert.Equal((1, "pondus: graph 'g': expected input x float32 (batch, 2), got float64 (1, 2).\n"), (result.Status, result.Error));
        Assert.Equal(2, (await InProcess.RunAsync("run", At("g.onnx"), "--out", At("y.npz"))).Status);
        Assert.Equal(2, (await InProcess.RunAsync("run", At("g.onnx"), "--inputs", At("x.npz"), "--out", At("y.unknown"))).Status);
    }

    [Fact]
    public async Task Run_NoOnnxFile_FailsInOneLine()
    {
        File.WriteAllText(At("no.onnx"), "this is no graph");
        ToolResult result = await InProcess.RunAsync("run", At("no.onnx"));
        Assert.Equal(1, result.Status);
        Assert.StartsWith($"pondus: {At("no.onnx")} at byte ", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(static c => c == '\n'));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        ToolResult result = await InProcess.RunAsync([.. args, "--json"]);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return JsonDocument.Parse(result.Out).RootElement;
    }

    private void Save(string file, WeightEntry entry) => WeightFormats.ForWriting(file)!.Save(At(file), [entry], new Dictionary<string, string>());

    private string At(string name) => Path.Combine(_folder.Path, name);
}
