using System.Text.Json;
using Pondus.Runs;
using Xunit;

namespace Pondus.Cli.Tests;

[Collection(InProcess.Collection)]
public sealed class ResumeTests : IDisposable
{
    private static readonly string[] s_small = ["letters", "--set", "data.count=100", "--batch-size", "16", "--epochs", "2"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_SameFolderTwice_IsRefused()
    {
        await InProcess.TrainAsync(At("a"), s_small);
        Dictionary<string, byte[]> before = Files("a");
        ToolResult again = await InProcess.RunAsync(["train", .. s_small, "--out", At("a")]);
        Assert.Equal($"pondus: --out: expected a new or empty folder, got {At("a")} with files in it. Continue its run with --resume, or name another folder.\n", again.Error);
        Assert.Equal((1, string.Empty), (again.Status, again.Out));
        Assert.Equal(before, Files("a"));
    }

    [Fact]
    public async Task Train_ResumeOfAFinishedRun_OnlyReports()
    {
        JsonElement first = await InProcess.TrainAsync(At("a"), s_small);
        Dictionary<string, byte[]> before = Files("a");
        JsonElement again = await InProcess.TrainAsync(At("a"), [.. s_small, "--resume"]);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(before, Files("a"));
    }

    [Fact]
    public async Task Train_ResumeWithAnotherSetting_NamesTheDifference()
    {
        await InProcess.TrainAsync(At("a"), s_small);
        ToolResult again = await InProcess.RunAsync(["train", .. s_small, "--set", "optimizer.learningRate=0.5", "--seed", "3", "--threads", "1", "--out", At("a"), "--resume"]);
        Assert.Equal($"pondus: --resume: expected the experiment of {At("a")} unchanged, got seed: 1 -> 3; optimizer.learningRate: 0.001 -> 0.5. Begin a new run with another --out.\n", again.Error);
        Assert.Equal(1, again.Status);
    }

    [Fact]
    public async Task Train_ResumeWithOtherFrozenParameters_IsRefused()
    {
        await InProcess.TrainAsync(At("a"), [.. s_small, "--freeze", "1.*"]);
        ToolResult again = await InProcess.RunAsync(["train", .. s_small, "--out", At("a"), "--resume"]);
        Assert.StartsWith($"pondus: --resume: expected the experiment of {At("a")} unchanged, got start: ", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ResumeWithoutTheWeightsItStartedFrom_IsRefused()
    {
        await InProcess.TrainAsync(At("a"), s_small);
        JsonElement second = await InProcess.TrainAsync(At("b"), [.. s_small, "--from", At("a/weights.safetensors")]);
        ToolResult again = await InProcess.RunAsync(["train", .. s_small, "--out", At("b"), "--resume"]);
        Assert.StartsWith($"pondus: --resume: expected the experiment of {At("b")} unchanged, got start: ", again.Error, StringComparison.Ordinal);
        Assert.Equal("finished", second.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Train_ResumeWithChangedData_IsRefused()
    {
        string data = _folder.Write("d.csv", "x,y\n0,0\n1,1\n2,2\n3,3\n");
        string experiment = _folder.Write("e.json", """{ "data": { "source": "csv", "path": "d.csv", "task": "regression" }, "model": [{ "type": "Linear", "out": 1 }], "loss": "MeanSquaredError", "training": { "epochs": 2 } }""");
        await InProcess.TrainAsync(At("a"), experiment);
        await File.WriteAllTextAsync(data, "x,y\n0,0\n1,1\n2,2\n3,4\n");
        ToolResult again = await InProcess.RunAsync("train", experiment, "--out", At("a"), "--resume");
        Assert.StartsWith($"pondus: --resume: expected the data (their sha256) as in {At("a")}, ", again.Error, StringComparison.Ordinal);
        Assert.Equal(1, again.Status);
    }

    [Theory]
    [InlineData("no-folder", "expected a run in {0}, got no such folder. Leave --resume out to begin one.")]
    [InlineData("other", "expected a run in {0}, got files but no experiment.json. Name the folder of a run.")]
    public async Task Train_ResumeOfNoRun_IsRefused(string name, string message)
    {
        _folder.Write("other/thesis.txt", "years of work");
        ToolResult result = await InProcess.RunAsync(["train", .. s_small, "--out", At(name), "--resume"]);
        Assert.Equal($"pondus: --resume: {string.Format(null, message, At(name))}\n", result.Error);
        Assert.Equal(["thesis.txt"], Directory.GetFiles(At("other")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Train_ResumeOfAnEmptyFolder_Begins()
    {
        // What a process leaves that was killed while it wrote its first file.
        _folder.Write("a/experiment.json.0123456789abcdef0123456789abcdef.tmp", "{ \"sch");
        JsonElement json = await InProcess.TrainAsync(At("a"), [.. s_small, "--resume"]);
        Assert.Equal("finished", json.GetProperty("status").GetString());
        Assert.Empty(Directory.GetFiles(At("a"), "*.tmp"));
    }

    [Fact]
    public async Task Train_FolderThatAnotherProcessWrites_IsRefused()
    {
        await InProcess.TrainAsync(At("a"), s_small);
        using FileStream other = new(At("a/run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        ToolResult result = await InProcess.RunAsync(["train", .. s_small, "--out", At("a"), "--resume"]);
        Assert.Equal($"pondus: {At("a")}: expected a run that nobody else writes, got one that is being trained. Wait for its end, or name another folder with --out.\n", result.Error);
    }

    [Fact]
    public async Task Train_LossThatOverflows_FailsAndSaysSo()
    {
        ToolResult result = await InProcess.RunAsync("train", "line", "--set", "optimizer.learningRate=1e30", "--out", At("a"), "--quiet");
        Assert.Matches(@"^pondus: MeanSquaredError.* at step \d+ \(epoch \d+\): expected a finite loss, got .*\n$", result.Error);
        RunRecord record = RunRecord.Read(At("a/run.json"));
        Assert.Equal((1, "failed"), (result.Status, record.State));
        Assert.Equal($"pondus: {record.Error}\n", result.Error);
        Assert.False(File.Exists(At("a/weights.safetensors")));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private Dictionary<string, byte[]> Files(string name) =>
        Directory.GetFiles(At(name), "*", SearchOption.AllDirectories).ToDictionary(static f => f, File.ReadAllBytes, StringComparer.Ordinal);
}
