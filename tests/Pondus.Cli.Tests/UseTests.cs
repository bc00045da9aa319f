using System.Text.Json;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>What is done with a trained run: evaluate, predict, list.</summary>
[Collection(InProcess.Collection)]
public sealed class UseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_OwnTestPart_EqualsWhatTrainSaid()
    {
        foreach (string[] experiment in new string[][] { ["letters", "--epochs", "1", "--set", "data.count=300"], [Samples.Write(_folder, "points")], [Samples.Write(_folder, "pictures")], ["line", "--set", "data.split.test=0.2"] })
        {
            string run = At($"run-{Path.GetFileNameWithoutExtension(experiment[0])}");
            JsonElement trained = await InProcess.TrainAsync(run, experiment);
            JsonElement measured = await JsonAsync("evaluate", run);
            Assert.Equal("test", measured.GetProperty("data").GetString());
            foreach (JsonProperty value in trained.GetProperty("test").EnumerateObject())
            {
                Assert.Equal(value.Value.GetDouble(), measured.GetProperty(value.Name).GetDouble());
            }
        }
    }

    [Fact]
    public async Task Evaluate_OtherTable_MeasuresThatTableWithTheRunsClasses()
    {
        await InProcess.TrainAsync(At("run"), Samples.Write(_folder, "points"));

        // All rows of one kind: the classes must be those of the run and not the one that is found here. The last row is called wrongly.
        string table = _folder.Write("other.csv", "id,x,y,kind\n1,0.1,3.2,north\n2,-0.2,2.9,north\n3,0.1,3.1,north\n4,0,3,zero\n");
        JsonElement measured = await JsonAsync("evaluate", At("run"), "--data", table);
        Assert.Equal(0.75, measured.GetProperty("accuracy").GetDouble());
        Assert.Equal((4, table), (measured.GetProperty("samples").GetInt32(), measured.GetProperty("data").GetString()));
        ToolResult text = await InProcess.RunAsync("evaluate", At("run"), "--data", table);
        Assert.Matches(@"^loss +\d\S+\naccuracy +0\.7500\nsamples +4 \(.*other\.csv\)\n$", text.Out);
    }

    [Theory]
    [InlineData("x,y\n0.1,3.2\n3.1,-0.2\n")]
    [InlineData("x,y,kind\n0.1,3.2,north\n3.1,-0.2,?\n")]
    [InlineData("id,x,y\n7,0.1,3.2\n8,3.1,-0.2\n")]
    [InlineData("id,x,y,kind\n7,0.1,3.2,\n8,3.1,-0.2,\n")]
    public async Task Predict_Table_WithAndWithoutTargetAndIgnoredColumns(string table)
    {
        await InProcess.TrainAsync(At("run"), Samples.Write(_folder, "points"));
        if (table.StartsWith("x,y,kind", StringComparison.Ordinal))
        {
            // One surplus column where two could be left out: the ignored one is asked for.
            ToolResult refused = await InProcess.RunAsync("predict", At("run"), _folder.Write("in.csv", table));
            Assert.Equal((1, $"pondus: {At("in.csv")}: expected a column 'id', got 3 columns without it.\n"), (refused.Status, refused.Error));
            return;
        }

        JsonElement json = await JsonAsync("predict", At("run"), _folder.Write("in.csv", table));
        JsonElement[] predictions = [.. json.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(["north", "east"], predictions.Select(static p => p.GetProperty("label").GetString()));

        // Classes by their names in order: east, north, zero.
        Assert.Equal([1, 0], predictions.Select(static p => p.GetProperty("class").GetInt32()));
        Assert.All(predictions, static p => Assert.Equal(1, p.GetProperty("values").EnumerateArray().Sum(static v => v.GetDouble()), 1e-5));
    }

    [Fact]
    public async Task Predict_Pictures_AgreesWithEvaluate()
    {
        JsonElement trained = await InProcess.TrainAsync(At("run"), Samples.Write(_folder, "pictures"));
        (byte[] images, byte[] labels) = Samples.Pictures(80);
        ToolResult text = await InProcess.RunAsync("predict", At("run"), _folder.Write("new.gz", Samples.Zip(images)));
        string[] lines = text.Out.TrimEnd().Split('\n');
        double right = Enumerable.Range(0, 80).Average(i => lines[i].Split('\t')[1] == $"{labels[^80..][i]}" ? 1.0 : 0.0);
        Assert.Matches(@"^0\t[01]\t\d\.\S+ \d\.\S+$", lines[0]);
        Assert.Equal(80, lines.Length);
        Assert.Equal((await JsonAsync("evaluate", At("run"), "--data", At("pictures"))).GetProperty("accuracy").GetDouble(), right);
        Assert.Equal(1, trained.GetProperty("test").GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public async Task Predict_YesOrNo_SaysTheClass()
    {
        _folder.Write("two.csv", "x,answer\n-2,no\n-1,no\n-1.5,no\n2,yes\n1,yes\n1.5,yes\n");
        string experiment = _folder.Write("two.json", """{ "data": { "source": "csv", "path": "two.csv" }, "model": [{ "type": "Linear", "out": 1 }], "loss": "BinaryCrossEntropy", "optimizer": { "type": "Sgd", "learningRate": 1 }, "training": { "epochs": 50 } }""");
        await InProcess.TrainAsync(At("run"), experiment);
        JsonElement json = await JsonAsync("predict", At("run"), _folder.Write("in.csv", "x\n-3\n3\n"));
        Assert.Equal(["no", "yes"], json.GetProperty("predictions").EnumerateArray().Select(static p => p.GetProperty("label").GetString()));
        string onlyYes = _folder.Write("yes.csv", "x,answer\n3,yes\n-3,yes\n");
        Assert.Equal(0.5, (await JsonAsync("evaluate", At("run"), "--data", onlyYes)).GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public async Task Predict_Regression_HasNoClass()
    {
        await InProcess.TrainAsync(At("run"), "line");
        JsonElement json = await JsonAsync("predict", At("run"), _folder.Write("in.csv", "0\n1\n"));
        JsonElement[] predictions = [.. json.GetProperty("predictions").EnumerateArray()];

        // The recipe's line is 2 x + 1, with noise of 0.1 on 200 points.
        Assert.Equal(1, predictions[0].GetProperty("values")[0].GetDouble(), 0.05);
        Assert.Equal(3, predictions[1].GetProperty("values")[0].GetDouble(), 0.05);
        Assert.False(predictions[0].TryGetProperty("class", out _));
        Assert.False(predictions[0].TryGetProperty("label", out _));
    }

    [Fact]
    public async Task Train_Folds_ReportsMeanAndDeviation()
    {
        string experiment = Samples.Write(_folder, "points");
        string[] args = [experiment, "--set", "data.split.test=0", "--set", "data.split.folds=4", "--set", "data.split.repeats=2"];
        JsonElement json = await InProcess.TrainAsync(At("run"), args);
        Assert.Equal(8, json.GetProperty("folds").GetInt32());
        Assert.InRange(json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.InRange(json.GetProperty("testDeviation").GetProperty("loss").GetDouble(), 1e-9, 1);
        ToolResult text = await InProcess.RunAsync(["train", .. args, "--out", At("again")]);
        Assert.Matches(@"\ntest +\S+ +\S+\n  deviation +\S+ +\S+\n", text.Out);
        Assert.Matches(@"\nfolds +8; ", text.Out);
        Assert.Matches(@"^fold 1/8  epoch 1/20  loss ", text.Error);
        Assert.Matches(@"\nall samples  epoch 20/20  loss \S+  accuracy \S+  \S+ samples/s\n$", text.Error);
        Assert.Equal(json.GetProperty("sha256").GetString(), Runs.RunRecord.Read(At("again/run.json")).Results!.Sha256);
        Assert.True(File.Exists(At("run/weights.safetensors")));
    }

    [Fact]
    public async Task Runs_TrainedRuns_AreListed()
    {
        JsonElement trained = await InProcess.TrainAsync(At("runs/points"), Samples.Write(_folder, "points"));
        await InProcess.RunAsync("train", "line", "--set", "optimizer.learningRate=1e30", "--out", At("runs/overflow"), "--quiet");
        JsonElement[] runs = [.. (await JsonAsync("runs", At("runs"))).GetProperty("runs").EnumerateArray()];
        Assert.Equal(["overflow failed", "points finished"], runs.Select(static r => $"{r.GetProperty("name").GetString()} {r.GetProperty("status").GetString()}"));
        Assert.Equal(trained.GetProperty("test").GetRawText().Replace(" ", string.Empty, StringComparison.Ordinal), runs[1].GetProperty("test").GetRawText().Replace(" ", string.Empty, StringComparison.Ordinal));
    }

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        ToolResult result = await InProcess.RunAsync([.. args, "--json"]);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return JsonDocument.Parse(result.Out).RootElement;
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
