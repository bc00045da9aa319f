using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>Old weights at the start of a training: frozen, with a new head, with adapters; and weights that prove where they came from.</summary>
[Collection(InProcess.Collection)]
public sealed class ReuseTests : IDisposable
{
    // A class less than the letters have, so that the head of one network does not fit the other.
    private const string TwoClasses = """{ "data": { "source": "csv", "path": "two.csv", "batchSize": 4 }, "model": [{ "type": "Linear", "out": 6 }, "Relu", { "type": "Linear", "out": 2 }], "loss": "CrossEntropy", "training": { "epochs": 3 } }""";
    private const string ThreeClasses = """{ "data": { "source": "csv", "path": "three.csv", "batchSize": 4 }, "model": [{ "type": "Linear", "out": 6 }, "Relu", { "type": "Linear", "out": 3 }], "loss": "CrossEntropy", "training": { "epochs": 3 } }""";
    private readonly TemporaryFolder _folder = new();

    public ReuseTests()
    {
        _folder.Write("two.csv", "x,y,class\n0,0,a\n0.1,0.2,a\n1,1,b\n0.9,1.1,b\n");
        _folder.Write("three.csv", "x,y,class\n0,0,a\n0.1,0.2,a\n1,1,b\n0.9,1.1,b\n2,0,c\n2.1,0.1,c\n");
        _folder.Write("two.json", TwoClasses);
        _folder.Write("three.json", ThreeClasses);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_NewHeadOnAFrozenBody_KeepsTheBodysBits()
    {
        await InProcess.TrainAsync(At("body"), At("two.json"));
        JsonElement run = await InProcess.TrainAsync(At("run"), At("three.json"), "--from", At("body/weights.safetensors"), "--head", "2.*", "--freeze", "0.*");

        // 6 * 3 weights and 3 biases of the head.
        Assert.Equal(21, run.GetProperty("parameters").GetProperty("trainable").GetInt64());
        using SafetensorsFile body = SafetensorsFile.Open(At("body/weights.safetensors")), tuned = SafetensorsFile.Open(At("run/weights.safetensors"));
        Assert.Equal(body.ReadSingle("0.weight"), tuned.ReadSingle("0.weight"));
        Assert.Equal([3L, 6], tuned.Find("2.weight")!.Shape.ToArray());
        Assert.Equal(WeightDigest.Compute(body.Entries), tuned.Metadata["pondus.parent_sha256"]);
    }

    [Fact]
    public async Task Train_WeightsOfAnotherShapeWithoutNewHead_NamesThem()
    {
        await InProcess.TrainAsync(At("body"), At("two.json"));
        ToolResult result = await InProcess.RunAsync("train", At("three.json"), "--out", At("run"), "--from", At("body/weights.safetensors"));
        Assert.Contains("'2.weight' expected (3, 6), got (2, 6); '2.bias' expected (3), got (2)", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Status);
        Assert.False(Directory.Exists(At("run")));
    }

    [Fact]
    public async Task Train_Lora_MergesAndKeepsTheAdaptersAlone()
    {
        await InProcess.TrainAsync(At("body"), At("three.json"));
        JsonElement run = await InProcess.TrainAsync(At("run"), At("three.json"), "--from", At("body/weights.safetensors"), "--lora", "2", "--seed", "7");
        // Rank 2 beside 2 -> 6 and 6 -> 3: 2 (2 + 6) + 2 (6 + 3).
        Assert.Equal(34, run.GetProperty("parameters").GetProperty("trainable").GetInt64());
        using SafetensorsFile body = SafetensorsFile.Open(At("body/weights.safetensors")), tuned = SafetensorsFile.Open(At("run/weights.safetensors")), adapter = SafetensorsFile.Open(At("run/adapter.safetensors"));
        Assert.Equal(body.Entries.Select(static e => e.ToString()), tuned.Entries.Select(static e => e.ToString()));
        Assert.Equal(body.ReadSingle("0.bias"), tuned.ReadSingle("0.bias"));

        // The merged weight is the old one and B A, with alpha equal to the rank.
        float[] a = adapter.ReadSingle("base_model.model.0.lora_A.weight"), b = adapter.ReadSingle("base_model.model.0.lora_B.weight");
        float[] before = body.ReadSingle("0.weight"), after = tuned.ReadSingle("0.weight");
        Assert.NotEqual(before, after);
        for (int i = 0; i < after.Length; i++)
        {
            int row = i / 2, column = i % 2;
            Assert.Equal(before[i] + (b[2 * row] * a[column]) + (b[(2 * row) + 1] * a[2 + column]), after[i], 1e-6f);
        }

        Assert.Equal(run.GetProperty("sha256").GetString(), WeightDigest.Compute(tuned.Entries));
        Assert.Equal(0, (await InProcess.RunAsync("evaluate", At("run"), "--data", At("three.csv"))).Status);
    }

    [Fact]
    public async Task Train_FromACheckpoint_SaysWhatWasLeftOut()
    {
        await InProcess.TrainAsync(At("body"), At("three.json"));
        using (SafetensorsFile body = SafetensorsFile.Open(At("body/weights.safetensors")))
        {
            SafetensorsWriter.Save(At("wrapped.safetensors"), [.. body.Entries.Select(static e => new WeightEntry($"model.{e.Name}", e.DataType, e.Shape, e.ReadBytes())), WeightEntry.OfSingle("optimizer.m", [1], new float[] { 1f })]);
        }

        ToolResult result = await InProcess.RunAsync("train", At("three.json"), "--out", At("run"), "--from", At("wrapped.safetensors"));
        Assert.Equal(0, result.Status);
        const string note = "The names without 'model.' are those of the module. What else the file holds, such as an optimizer's state, was left out: 1 of 5 tensors.";
        Assert.Contains($"{At("wrapped.safetensors")}: {note}\n", result.Error, StringComparison.Ordinal);
        JsonElement record = JsonDocument.Parse(await File.ReadAllTextAsync(At("run/run.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(note, record.GetProperty("notes")[0].GetString());
        Assert.DoesNotContain(note, (await InProcess.RunAsync("train", At("three.json"), "--out", At("quiet"), "--from", At("wrapped.safetensors"), "--quiet")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NewHeadWithANorm_StartsItsStatisticsAnewToo()
    {
        const string body = """{ "data": { "source": "csv", "path": "two.csv", "batchSize": 4 }, "model": [{ "type": "Linear", "out": 6 }, { "type": "Linear", "out": 5 }, "BatchNorm1d", { "type": "Linear", "out": 2 }], "loss": "CrossEntropy", "training": { "epochs": 1 } }""";
        _folder.Write("norm.json", body);
        _folder.Write("wider.json", body.Replace("\"out\": 5", "\"out\": 7", StringComparison.Ordinal));
        await InProcess.TrainAsync(At("body"), At("norm.json"));
        ToolResult result = await InProcess.RunAsync("train", At("wider.json"), "--out", At("run"), "--from", At("body"), "--head", "1.*", "--head", "2.*", "--head", "3.*", "--quiet");
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
    }

    [Fact]
    public async Task Commands_FolderOfARun_TakeItsWeights()
    {
        JsonElement run = await InProcess.TrainAsync(At("run"), At("two.json"));
        ToolResult inspect = await InProcess.RunAsync("inspect", At("run"), "--json"), diff = await InProcess.RunAsync("diff", At("run"), At("run/weights.safetensors"), "--json"),
            merge = await InProcess.RunAsync("merge", At("m.safetensors"), At("run"), At("run")), prune = await InProcess.RunAsync("prune", At("run"), At("p.safetensors"), "--share", "0"),
            quantize = await InProcess.RunAsync("quantize", At("run"), At("q.safetensors"), "--to", "int8"), train = await InProcess.RunAsync("train", At("two.json"), "--out", At("next"), "--from", At("run"), "--quiet");
        Assert.All([inspect, diff, merge, prune, quantize, train], static result => Assert.Equal((0, string.Empty), (result.Status, result.Error)));
        Assert.True(JsonDocument.Parse(diff.Out).RootElement.GetProperty("identical").GetBoolean());
        foreach (string name in (string[])["m", "p"])
        {
            using SafetensorsFile copy = SafetensorsFile.Open(At($"{name}.safetensors"));
            Assert.Equal(run.GetProperty("sha256").GetString(), WeightDigest.Compute(copy.Entries));
            Assert.Equal("1", copy.Metadata["pondus.seed"]);
        }
    }

    [Fact]
    public async Task Verify_ConvertedWeights_AreCheckedWhileTheirBitsAreThoseOfTheTraining()
    {
        await InProcess.TrainAsync(At("run"), At("two.json"));
        await InProcess.RunAsync("convert", At("run"), At("same.gguf"));
        await InProcess.RunAsync("convert", At("run"), At("half.safetensors"), "--dtype", "float16");
        await InProcess.RunAsync("convert", At("run"), At("graph.onnx"));
        JsonElement same = JsonDocument.Parse((await InProcess.RunAsync("verify", At("same.gguf"), "--json")).Out).RootElement;
        Assert.True(same.GetProperty("same").GetBoolean());
        Assert.Empty(same.GetProperty("differences").EnumerateArray());
        ToolResult changed = await InProcess.RunAsync("verify", At("half.safetensors"), "--quiet");
        Assert.Equal((1, string.Empty), (changed.Status, changed.Out));
        Assert.Contains("were changed since: pondus.converted_from = weights.safetensors", changed.Error, StringComparison.Ordinal);
        using WeightFile graph = WeightFile.Open(At("graph.onnx"));
        Assert.Equal(same.GetProperty("sha256").GetString(), graph.Metadata["pondus.parent_sha256"]);
    }

    [Fact]
    public async Task Verify_UntouchedWeights_AreTheSameBits()
    {
        await InProcess.TrainAsync(At("body"), At("two.json"));
        await InProcess.TrainAsync(At("run"), At("three.json"), "--from", At("body/weights.safetensors"), "--head", "2.*", "--lora", "1");
        ToolResult result = await InProcess.RunAsync("verify", At("run/weights.safetensors"), "--json");
        JsonElement found = JsonDocument.Parse(result.Out).RootElement;
        Assert.True(found.GetProperty("same").GetBoolean());
        Assert.Empty(found.GetProperty("differences").EnumerateArray());
        Assert.Equal(0, result.Status);
    }

    [Fact]
    public async Task Verify_OneChangedBitOrChangedData_SaysWhich()
    {
        await InProcess.TrainAsync(At("run"), At("two.json"));
        string path = At("run/weights.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(At("changed.safetensors"), bytes, TestContext.Current.CancellationToken);
        ToolResult changed = await InProcess.RunAsync("verify", At("changed.safetensors"));
        Assert.Contains("the weights were changed after the training", changed.Out, StringComparison.Ordinal);
        Assert.Equal(1, changed.Status);

        _folder.Write("two.csv", "x,y,class\n0,0,a\n0.1,0.2,a\n1,1,b\n0.9,1.2,b\n");
        ToolResult otherData = await InProcess.RunAsync("verify", path);
        Assert.Contains("data (sha256): ", otherData.Out, StringComparison.Ordinal);
        Assert.Equal(1, otherData.Status);
    }

    [Fact]
    public async Task Verify_WeightsWithoutLineage_IsOneLine()
    {
        SafetensorsWriter.Save(At("w.safetensors"), [WeightEntry.OfSingle("w", [1], new float[] { 1f })]);
        ToolResult result = await InProcess.RunAsync("verify", At("w.safetensors"), "--quiet");
        Assert.Contains("expected weights that say which experiment they came from", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Status);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
