using System.Text.Json;
using Pondus.Experiments;
using Pondus.Formats.Safetensors;
using Pondus.Runs;
using Xunit;

namespace Pondus.Cli.Tests;

[Collection(InProcess.Collection)]
public sealed class TrainTests : IDisposable
{
    // 100 letters: 70 to train on, 10 to validate, 20 to test; one epoch is five steps.
    private static readonly string[] s_small = ["letters", "--set", "data.count=100", "--batch-size", "16", "--epochs", "2"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_Options_BecomeTheRunsExperiment()
    {
        await InProcess.TrainAsync(At("a"), "letters", "--epochs", "1", "--batch-size", "16", "--seed", "9", "--threads", "2", "--monitor", "off",
            "--set", "optimizer.learningRate=0.5", "--set", "name=mine", "--set", "data.count=100");
        Assert.Equal(
            [
                "name: \"letters\" -> \"mine\"", "seed: 1 -> 9", "data.count: 6000 -> 100", "data.batchSize: 64 -> 16",
                "model[1].in: null -> 784", "model[3].in: null -> 128", "optimizer.learningRate: 0.001 -> 0.5",
                "training.epochs: 10 -> 1", "training.threads: null -> 2", "monitor.level: \"light\" -> \"off\"",
            ],
            Recipes.Get("letters").ChangesTo(ExperimentFile.Load(At("a/experiment.json"))).Select(static c => c.ToString().Replace("monitor.level: \"light\" -> \"off\"", "monitor.level: \"light\" -> \"off\"", StringComparison.Ordinal)),
            StringComparer.Ordinal);
        Assert.Empty(Directory.GetFiles(At("a"), "events.*"));
    }

    [Fact]
    public async Task Train_Steps_TakesTheLimitOfEpochsAway()
    {
        JsonElement json = await InProcess.TrainAsync(At("a"), [.. s_small[..5], "--steps", "12"]);
        Assert.Equal((12, 3), (json.GetProperty("steps").GetInt64(), json.GetProperty("epochs").GetInt64()));
        Assert.Null(ExperimentFile.Load(At("a/experiment.json")).Training.Epochs);
    }

    [Fact]
    public async Task Train_Json_HasThePromisedFields()
    {
        JsonElement json = await InProcess.TrainAsync(At("a"), s_small);
        string[] fields = ["run", "status", "epochs", "steps", "seconds", "train", "validation", "test", "parameters", "weights", "sha256", "finalSha256", "findings"];
        Assert.Equal(fields.Order(StringComparer.Ordinal), json.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));

        // 784 * 128 + 128 * 3 weights, 128 + 3 biases.
        Assert.Equal("{\"total\":100867,\"trainable\":100867,\"weights\":100736,\"biases\":131}", JsonSerializer.Serialize(json.GetProperty("parameters")));
        Assert.Equal(("finished", At("a/weights.safetensors")), (json.GetProperty("status").GetString(), json.GetProperty("weights").GetString()));
        Assert.InRange(json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.Equal(RunRecord.Read(At("a/run.json")).Results!.Sha256, json.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Train_Text_HasResultsOnOutAndProgressOnError()
    {
        ToolResult result = await InProcess.RunAsync(["train", .. s_small, "--out", At("a")]);
        const string Number = @"\d\S*";
        string expected = $@"^ +loss +accuracy\ntrain +{Number} +{Number}\nvalidation +{Number} +{Number}\ntest +{Number} +{Number}\n\n"
            + $@"status +finished after 2 epochs, 10 steps, {Number} s\nparameters +100,867 \(100,736 weights, 131 biases; 100,867 trained\)\nrun +\S+\nweights +\S+\nsha256 +[0-9a-f]{{64}}\n$";
        Assert.Matches(expected, result.Out);
        Assert.Matches($@"^(epoch [12]/2  loss {Number}  validation loss {Number}, accuracy {Number}  {Number} samples/s\n){{1,2}}$", result.Error);
    }

    [Fact]
    public async Task Train_WithoutValidation_NamesTheTrainingMetric()
    {
        ToolResult result = await InProcess.RunAsync(["train", .. s_small, "--set", "data.split.validation=0", "--out", At("a")]);
        Assert.Matches(@"epoch 2/2  loss \S+  accuracy \S+  \S+ samples/s\n$", result.Error);
    }

    [Fact]
    public async Task Train_OneAndTwoThreads_GiveTheSameBits()
    {
        JsonElement one = await InProcess.TrainAsync(At("a"), [.. s_small, "--threads", "1"]);
        JsonElement two = await InProcess.TrainAsync(At("b"), [.. s_small, "--threads", "2"]);
        Assert.Equal(one.GetProperty("sha256").GetString(), two.GetProperty("sha256").GetString());
        Assert.Equal(one.GetProperty("finalSha256").GetString(), two.GetProperty("finalSha256").GetString());
    }

    [Fact]
    public async Task Train_Line_ComesNearLeastSquares()
    {
        JsonElement line = (await InProcess.TrainAsync(At("a"), "line")).GetProperty("line");
        Assert.Equal(line.GetProperty("leastSquaresSlope").GetDouble(), line.GetProperty("slope").GetDouble(), 1e-3);
        Assert.Equal(line.GetProperty("leastSquaresIntercept").GetDouble(), line.GetProperty("intercept").GetDouble(), 1e-3);
    }

    [Fact]
    public async Task Train_FromAndFreeze_KeepTheFrozenBits()
    {
        JsonElement first = await InProcess.TrainAsync(At("a"), s_small);
        JsonElement second = await InProcess.TrainAsync(At("b"), [.. s_small, "--seed", "2", "--from", At("a/weights.safetensors"), "--freeze", "1.*"]);
        using SafetensorsFile a = SafetensorsFile.Open(At("a/weights.safetensors"));
        using SafetensorsFile b = SafetensorsFile.Open(At("b/weights.safetensors"));
        Assert.Equal(a.ReadSingle("1.weight"), b.ReadSingle("1.weight"));
        Assert.Equal(a.ReadSingle("1.bias"), b.ReadSingle("1.bias"));
        Assert.NotEqual(a.ReadSingle("3.weight"), b.ReadSingle("3.weight"));

        // 128 * 3 weights and 3 biases are left to train.
        Assert.Equal(387, second.GetProperty("parameters").GetProperty("trainable").GetInt64());
        RunRecord record = RunRecord.Read(At("b/run.json"));
        Assert.Equal(first.GetProperty("sha256").GetString(), record.ParentSha256);
        Assert.Equal(["1.weight", "1.bias"], record.Frozen!);
    }

    [Theory]
    [InlineData("start.freeze: expected a pattern that matches a parameter (1.weight, 1.bias, 3.weight, 3.bias), got '7.*'.", "--freeze", "7.*")]
    [InlineData("start.freeze: expected at least one parameter left to train, got none.", "--freeze", "*")]
    [InlineData("training.earlyStopping: expected a validation part to judge by in data.split.validation, got none.", "--set", "training.earlyStopping.patience=2", "--set", "data.split.validation=0")]
    [InlineData("data.split.folds: expected no validation or test part beside folds, since each fold is tested in turn, got validation 0.1 and test 0.2.", "--set", "data.split.folds=5")]
    public async Task Train_SettingsThatDoNotFit_BeginNoRun(string message, params string[] args)
    {
        ToolResult result = await InProcess.RunAsync(["train", .. s_small, "--out", At("a"), .. args]);
        Assert.Equal($"pondus: {message}\n", result.Error);
        Assert.InRange(result.Status, 1, 2);
        Assert.False(Directory.Exists(At("a")));
    }

    [Fact]
    public async Task Train_OutputThatFails_IsOneLine()
    {
        StringWriter closed = new();
        await closed.DisposeAsync();
        using StringWriter error = new();
        Assert.Equal(1, await CommandLine.RunAsync(["recipes"], new CommandContext { Out = closed, Error = error }));
        Assert.StartsWith("pondus: internal error: ObjectDisposedException: ", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
