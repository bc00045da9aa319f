using System.Globalization;
using System.Text.Json;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>diff, convert, merge, prune and quantize, as their users see them.</summary>
public sealed class WeightCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Diff_OneTensorChanged_ShowsItAndTheVerdict()
    {
        (string a, string b) = WriteTwo();
        ToolResult result = await InProcess.RunAsync("diff", a, b);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\nfc\.weight +\(8, 4\) +0\.5000 ", result.Out);
        Assert.Contains("1 of 2 tensors have equal values.\n", result.Out, StringComparison.Ordinal);
        Assert.EndsWith("verdict: fine-tuned: 1 of 2 tensors changed; 1 only in the second\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("only in the second (1): extra\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_Json_HasTheFields()
    {
        (string a, string b) = WriteTwo();
        JsonElement json = await JsonAsync("diff", a, b);
        Assert.Equal(["safetensors", "safetensors"], json.GetProperty("formats").EnumerateArray().Select(static e => e.GetString()));
        Assert.Equal("fine-tuned: 1 of 2 tensors changed; 1 only in the second", json.GetProperty("verdict").GetString());
        Assert.Equal("extra", json.GetProperty("unexpected")[0].GetString());
        // 8 x 4 + 8, and 3 more.
        Assert.Equal([40L, 43L], json.GetProperty("parameters").EnumerateArray().Select(static n => n.GetInt64()));
        Assert.Equal(2, json.GetProperty("metadata").GetArrayLength());
        Assert.Equal(0, json.GetProperty("missing").GetArrayLength());
        Assert.False(json.GetProperty("sameValues").GetBoolean());
        JsonElement tensor = json.GetProperty("tensors").EnumerateArray().Single(static t => t.GetProperty("name").GetString() == "fc.weight");
        Assert.Equal((false, "fc.weight", "name", 0.5), (tensor.GetProperty("equal").GetBoolean(), tensor.GetProperty("other").GetString(), tensor.GetProperty("by").GetString(), tensor.GetProperty("max").GetDouble()));
        Assert.All(new[] { "relative", "cosine", "pearson", "wasserstein", "ks", "ksP", "kl", "jensenShannon", "signalToNoise" }, name => Assert.Equal(JsonValueKind.Number, tensor.GetProperty(name).ValueKind));
        Assert.Equal(JsonValueKind.Number, tensor.GetProperty("rows").GetProperty("ckaUnbiased").ValueKind);
    }

    [Fact]
    public async Task Diff_FailOnDifference_IsStatus3()
    {
        (string a, string b) = WriteTwo();
        Assert.Equal(3, (await InProcess.RunAsync("diff", a, b, "--fail-on-difference")).Status);
        Assert.Equal(0, (await InProcess.RunAsync("diff", a, a, "--fail-on-difference")).Status);
    }

    [Fact]
    public async Task Diff_OtherNames_SavesAMapThatConvertUses()
    {
        (string a, _) = WriteTwo();
        using WeightFile file = WeightFile.Open(a);
        string b = Write("other.safetensors", [.. file.Entries.Select(static (entry, i) => new WeightEntry($"layer{i}", entry.DataType, entry.Shape, entry.ReadBytes()))]);
        string map = Path.Combine(_folder.Path, "names.json"), c = Path.Combine(_folder.Path, "c.safetensors");
        ToolResult diff = await InProcess.RunAsync("diff", a, b, "--save-map", map);
        Assert.EndsWith("verdict: the same weights under other names\n", diff.Out, StringComparison.Ordinal);
        Assert.Matches(@"fc\.weight +layer\d +content\n", diff.Out);
        ToolResult convert = await InProcess.RunAsync("convert", a, c, "--map", map);
        Assert.Equal((0, string.Empty), (convert.Status, convert.Error));
        Assert.Contains("renamed", convert.Out, StringComparison.Ordinal);
        Assert.EndsWith("verdict: the same weights\n", (await InProcess.RunAsync("diff", b, c)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_ToBFloat16_SaysTheLoss()
    {
        (string a, _) = WriteTwo();
        string b = Path.Combine(_folder.Path, "small.safetensors");
        ToolResult result = await InProcess.RunAsync("convert", a, b, "--dtype", "bf16");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\nloss +1 of 2 tensors of another type are rounded\n", result.Out);
        Assert.Matches(@"\nfc\.weight +float32 > bfloat16 ", result.Out);
        JsonElement json = await JsonAsync("convert", a, b, "--dtype", "bfloat16");
        Assert.Equal((false, 2), (json.GetProperty("lossless").GetBoolean(), json.GetProperty("tensors").GetArrayLength()));
        Assert.Equal("bfloat16", json.GetProperty("changed")[0].GetProperty("to").GetString());
    }

    [Fact]
    public async Task Convert_Json_DescribesTheFileThatWasWritten()
    {
        (string a, _) = WriteTwo();
        JsonElement json = await JsonAsync("convert", a, Path.Combine(_folder.Path, "b.npz"));
        Assert.Equal(("npz", 40L, false), (json.GetProperty("format").GetString(), json.GetProperty("parameters").GetInt64(), json.GetProperty("metadataKept").GetBoolean()));
        Assert.Equal((JsonValueKind.Object, JsonValueKind.Array), (json.GetProperty("metadata").ValueKind, json.GetProperty("findings").ValueKind));
        JsonElement bias = json.GetProperty("tensors").EnumerateArray().Single(static t => t.GetProperty("name").GetString() == "fc.bias");
        // Eight ones in float32.
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. Enumerable.Repeat((byte[])[0, 0, 0x80, 0x3F], 8).SelectMany(static b => b)]));
        Assert.Equal(("float32", 8, sha256, 1.0, 1.0, 1.0, 0.0), (bias.GetProperty("dtype").GetString(), bias.GetProperty("count").GetInt32(), bias.GetProperty("sha256").GetString(),
            bias.GetProperty("min").GetDouble(), bias.GetProperty("max").GetDouble(), bias.GetProperty("mean").GetDouble(), bias.GetProperty("std").GetDouble()));
        Assert.Matches(@"\nmetadata +left out, lineage too: npz has no place for them\n", (await InProcess.RunAsync("convert", a, Path.Combine(_folder.Path, "c.npz"))).Out);
    }

    [Theory]
    [InlineData("inspect", "@")]
    [InlineData("convert", "@", "b.gguf", "--dtype", "float16")]
    [InlineData("prune", "@", "b.safetensors", "--share", "0.5")]
    [InlineData("quantize", "@", "b.safetensors", "--to", "int8")]
    [InlineData("diff", "@", "p.safetensors")]
    public async Task Command_LongNamesOnANarrowTerminal_StayOnTheirLines(params string[] args)
    {
        const string name = "encoder.layer.{0}.attention.self.query.projection.of.a.very.long.name.weight";
        Func<int, float> first = static i => MathF.Sin(i), second = static i => MathF.Sin(i) + (1e-6f * i);
        Write("w.safetensors", [.. Enumerable.Range(0, 3).Select(n => Entry(string.Format(CultureInfo.InvariantCulture, name, n), 64, 64, first))]);
        Write("p.safetensors", [.. Enumerable.Range(0, 3).Select(n => Entry(string.Format(CultureInfo.InvariantCulture, name, n), 64, 64, second))]);
        using StringWriter output = new(), error = new();
        string[] placed = [.. args.Select(arg => arg == "@" ? Path.Combine(_folder.Path, "w.safetensors") : arg.Contains('.') && arg != "0.5" ? Path.Combine(_folder.Path, arg) : arg)];
        Assert.Equal(0, await CommandLine.RunAsync(placed, new CommandContext { Out = output, Error = error, OutWidth = 80 }));
        string[] rows = [.. output.ToString().Split('\n').Where(static line => line.Contains('\u2026'))];
        Assert.True(rows.Length >= 3, output.ToString());
        Assert.All(rows, static line => Assert.InRange(line.TrimEnd('\r').Length, 1, 80));
    }

    [Fact]
    public async Task Convert_Int8CodesWithoutTheirScales_AreRefused()
    {
        (string a, _) = WriteTwo();
        string q = Path.Combine(_folder.Path, "q.safetensors"), target = Path.Combine(_folder.Path, "t.safetensors");
        await InProcess.RunAsync("quantize", a, q, "--to", "int8");
        ToolResult part = await InProcess.RunAsync("convert", q, target, "--keep", "fc.weight"), bare = await InProcess.RunAsync("convert", q, Path.ChangeExtension(target, ".npz"));
        Assert.Contains("expected int8 weights to stay together with their scales", part.Error, StringComparison.Ordinal);
        Assert.Contains("expected a format with metadata for int8 weights with scales", bare.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1, 0), (part.Status, bare.Status, (await InProcess.RunAsync("convert", q, target, "--keep", "fc.weight", "--dtype", "float32")).Status));
    }

    [Theory]
    [InlineData(2, "--to: expected a format that can be written (", "convert", "A", "b.bin", "--to", "safetensor")]
    [InlineData(2, "--dtype: expected a type that can be written (", "convert", "A", "b.safetensors", "--dtype", "floot32")]
    [InlineData(2, "--shard-size: expected a size such as 2GB or 500MiB, got 'big'.", "convert", "A", "b.safetensors", "--shard-size", "big")]
    [InlineData(1, "expected a file other than the one that is read, got the same.", "convert", "A", "A")]
    [InlineData(1, "names.json: expected a file of names, got no such file.", "convert", "A", "b.safetensors", "--map", "names.json")]
    [InlineData(1, "no.safetensors: expected a weights file, got no such file.", "diff", "A", "no.safetensors")]
    [InlineData(2, "--method: expected one of average, weighted, slerp, task-arithmetic, got 'averag'. Did you mean 'average'?", "merge", "b.safetensors", "A", "A", "--method", "averag")]
    [InlineData(2, "--weights: expected numbers such as 0.7 0.3, got 'x'.", "merge", "b.safetensors", "A", "A", "--weights", "x")]
    [InlineData(2, "--share: expected a number from 0 to 1, got 2.", "prune", "A", "b.safetensors", "--share", "2")]
    [InlineData(2, "--scope: expected tensor or global, got 'all'.", "prune", "A", "b.safetensors", "--share", "0.5", "--scope", "all")]
    [InlineData(2, "--share: expected a number, got 'half'. See pondus prune --help.", "prune", "A", "b.safetensors", "--share", "half")]
    [InlineData(2, "expected the name of a weights file or the folder of a run, got an empty text.", "inspect", "")]
    [InlineData(1, "b.npz: expected a format with metadata for int8 weights with scales, ", "quantize", "A", "b.npz", "--to", "int8")]
    [InlineData(1, "quantize: expected one of int8, ", "quantize", "A", "b.safetensors", "--to", "int9")]
    public async Task Command_WrongArguments_IsOneLine(int status, string message, params string[] args)
    {
        (string a, _) = WriteTwo();
        ToolResult result = await InProcess.RunAsync([.. args.Select((arg, i) => i == 0 || arg.StartsWith('-') || !arg.Contains('.') && arg != "A" ? arg : arg == "A" ? a : arg is "0.5" ? arg : Path.Combine(_folder.Path, arg))]);
        Assert.Equal((status, string.Empty), (result.Status, result.Out));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(static c => c == '\n'));
        Assert.Equal(["a.safetensors", "b_.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Merge_TwoFiles_SaysTheDistanceToEach()
    {
        (string a, _) = WriteTwo();
        string b = Write("c.safetensors", Entry("fc.weight", 8, 4, static i => i + 2), Entry("fc.bias", 1, 8, static _ => 1)), target = Path.Combine(_folder.Path, "merged.safetensors");
        ToolResult result = await InProcess.RunAsync("merge", target, a, b, "--method", "weighted", "--weights", "3", "1");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\n\S+a\.safetensors +\d", result.Out);
        using WeightFile merged = WeightFile.Open(target);
        // i and i + 2, three to one.
        Assert.Equal(Enumerable.Range(0, 32).Select(static i => (0.1f * i * 0.75) + (0.25 * (i + 2))), merged.ReadSingle("fc.weight").Select(static v => (double)v), static (e, g) => Math.Abs(e - g) < 1e-5);
    }

    [Fact]
    public async Task Prune_Half_SaysTheShareOfZeros()
    {
        (string a, _) = WriteTwo();
        string target = Path.Combine(_folder.Path, "sparse.safetensors");
        ToolResult result = await InProcess.RunAsync("prune", a, target, "--share", "0.5");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\npruned +2 tensors: 50\.0 % of 40 weights are zero", result.Out);
        JsonElement json = await JsonAsync("prune", a, target, "--share", "0.25", "--scope", "global");
        Assert.Equal(0.25, json.GetProperty("total").GetProperty("sparsityAfter").GetDouble());
    }

    [Fact]
    public async Task Quantize_Int8_SaysTheError()
    {
        (string a, _) = WriteTwo();
        string target = Path.Combine(_folder.Path, "small.safetensors");
        ToolResult result = await InProcess.RunAsync("quantize", a, target, "--to", "int8");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        Assert.Matches(@"\nquantized +2 tensors, ", result.Out);
        Assert.Matches(@"\nerror +relative \S+, \d+\.\d dB, cosine ", result.Out);
        JsonElement json = await JsonAsync("diff", a, target);
        Assert.Equal(0, json.GetProperty("unexpected").GetArrayLength());
    }

    [Theory]
    [InlineData("2GB", 2_000_000_000L)]
    [InlineData("1.5 KiB", 1536L)]
    [InlineData("100", 100L)]
    [InlineData("7b", 7L)]
    [InlineData("0", null)]
    [InlineData("-1GB", null)]
    [InlineData("GB", null)]
    public void Parse_Size_IsInBytes(string text, long? expected) => Assert.Equal(expected, ByteSize.Parse(text));

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        ToolResult result = await InProcess.RunAsync([.. args, "--json"]);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return JsonDocument.Parse(result.Out).RootElement;
    }

    private static WeightEntry Entry(string name, int rows, int columns, Func<int, float> value) =>
        WeightEntry.OfSingle(name, [rows, columns], Enumerable.Range(0, rows * columns).Select(value).ToArray());

    private string Write(string name, params WeightEntry[] entries)
    {
        string path = Path.Combine(_folder.Path, name);
        SafetensorsWriter.Save(path, entries);
        return path;
    }

    private (string First, string Second) WriteTwo() => (
        Write("a.safetensors", Entry("fc.weight", 8, 4, static i => 0.1f * i), Entry("fc.bias", 1, 8, static _ => 1)),
        Write("b_.safetensors", Entry("fc.weight", 8, 4, static i => (0.1f * i) + (i == 3 ? 0.5f : 0)), Entry("fc.bias", 1, 8, static _ => 1), Entry("extra", 1, 3, static i => i)));
}
