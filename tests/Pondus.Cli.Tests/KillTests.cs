using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>A training that is killed again and again, and continued each time, ends with the bits of one that nobody touched.</summary>
public sealed class KillTests : IDisposable
{
    private const string CountVariable = "PONDUS_TEST_KILLS";
    private const int UsualKills = 20;

    // 448 letters to train on, 28 steps an epoch, 1,120 steps: about 370 checkpoints, each a good part of the time between two.
    private const string Experiment = """
        {
          "name": "killed",
          "data": { "source": "letters", "count": 640, "split": { "validation": 0.1, "test": 0.2 }, "standardize": "global", "batchSize": 16 },
          "model": ["Flatten", { "type": "Linear", "out": 64 }, "Relu", { "type": "Dropout", "rate": 0.3 }, { "type": "Linear", "out": 3 }],
          "loss": "CrossEntropy",
          "optimizer": "#optimizer",
          "schedule": "CosineDecay",
          "training": { "epochs": 40, "checkpointEvery": 3, "checkpointUnit": "step" },
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", "\"Adam\"")]
    [InlineData("2", "{ \"type\": \"Sgd\", \"learningRate\": 0.01, \"momentum\": 0.9, \"nesterov\": true }")]
    public async Task Train_KilledAndResumed_EqualsUninterrupted(string threads, string optimizer)
    {
        _folder.Write("e.json", Experiment.Replace("\"#optimizer\"", optimizer, StringComparison.Ordinal));
        string[] whole = ["train", "e.json", "--quiet", "--threads", threads, "--out", "whole"], killed = [.. whole[..^1], "killed"];
        TimeSpan start = await DurationAsync([.. whole[..^1], "probe", "--steps", "1"]), training = await DurationAsync(whole) - start;
        Stopwatch watch = Stopwatch.StartNew();
        int kills = int.TryParse(Environment.GetEnvironmentVariable(CountVariable), CultureInfo.InvariantCulture, out int count) ? count : UsualKills;
        RandomSource random = new RandomSource(1).Stream("kills").Stream(int.Parse(threads, CultureInfo.InvariantCulture));
        int done = 0, whileWriting = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            Process process = Tool.Start(_folder.Path, Directory.Exists(At("killed")) ? [.. killed, "--resume"] : killed);

            // Each process gets about its share of the whole, so that the last moment comes before the end. Every second one is killed while it writes a checkpoint.
            double share = random.NextSingle();
            await Task.Delay((start * (0.6 + (0.4 * share))) + (training / kills * share), TestContext.Current.CancellationToken);
            if (kill % 2 == 0)
            {
                await WaitForAsync(process, () => Parts().Length > 0);
            }

            process.Kill();
            ToolResult result = await Tool.EndAsync(process);
            if (result.Status == 0)
            {
                break;
            }

            Assert.Equal((137, string.Empty), (result.Status, result.Error));
            done++;
            whileWriting += Parts().Length > 0 ? 1 : 0;
        }

        // A machine that is quicker now than while the durations were measured may come to the end early; less than this would prove little.
        Assert.InRange(done, Math.Min(3, kills), kills);

        ToolResult last = await Tool.RunInAsync(_folder.Path, [.. killed, "--resume"]);
        Assert.Equal((0, string.Empty), (last.Status, last.Error));
        TestContext.Current.SendDiagnosticMessage($"threads {threads}: {done} kills, {whileWriting} of them left a checkpoint half-written; {training.TotalSeconds:F1} s of training uninterrupted, {watch.Elapsed.TotalSeconds:F1} s with the kills");
        Assert.True(whileWriting > 0, "no process was killed while it wrote a checkpoint");
        AssertSame(RunContent.Read(At("whole")), RunContent.Read(At("killed")));
    }

    [Fact]
    public async Task Train_Interrupted_LeavesACheckpointToGoOnFrom()
    {
        _folder.Write("e.json", Experiment.Replace("\"#optimizer\"", "\"Adam\"", StringComparison.Ordinal));

        // Long enough that the signal comes before the end on a busy machine too.
        string[] whole = ["train", "e.json", "--json", "--quiet", "--epochs", "200", "--out", "whole"], stopped = [.. whole[..^1], "stopped"];
        Assert.Equal(0, (await Tool.RunInAsync(_folder.Path, whole)).Status);
        Process process = Tool.Start(_folder.Path, stopped);
        Assert.True(await WaitForAsync(process, () => File.Exists(At("stopped/checkpoints/latest.safetensors"))));
        Tool.Interrupt(process);
        ToolResult interrupted = await Tool.EndAsync(process);
        Assert.Equal((130, string.Empty), (interrupted.Status, interrupted.Error));
        System.Text.Json.JsonElement json = System.Text.Json.JsonDocument.Parse(interrupted.Out).RootElement;
        Assert.Equal("interrupted", json.GetProperty("status").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("weights").ValueKind);
        Assert.Equal("interrupted", Runs.RunRecord.Read(At("stopped/run.json")).State);
        Assert.False(File.Exists(At("stopped/weights.safetensors")));
        ToolResult used = await Tool.RunInAsync(_folder.Path, "evaluate", "stopped");
        Assert.Equal((1, "pondus: stopped: expected a trained run with weights.safetensors, got none. It has not finished: continue it with --resume.\n"), (used.Status, used.Error));
        Assert.Equal(0, (await Tool.RunInAsync(_folder.Path, [.. stopped, "--resume"])).Status);
        AssertSame(RunContent.Read(At("whole")), RunContent.Read(At("stopped")));
    }

    private static void AssertSame(RunContent expected, RunContent actual)
    {
        Assert.Equal(expected.Results, actual.Results);
        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(expected.Counters, actual.Counters);
        Assert.Equal(expected.State.Keys.Order(StringComparer.Ordinal), actual.State.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.State, pair => Assert.True(pair.Value == actual.State[pair.Key], pair.Key));
        Assert.Equal(expected.Events.Count, actual.Events.Count);
        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal(expected.Files, actual.Files);
    }

    private async Task<TimeSpan> DurationAsync(string[] args)
    {
        Stopwatch watch = Stopwatch.StartNew();
        ToolResult result = await Tool.RunInAsync(_folder.Path, args);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return watch.Elapsed;
    }

    /// <summary>Waits until something has happened; false when the process ends first.</summary>
    private static Task<bool> WaitForAsync(Process process, Func<bool> happened) => Task.Run(() =>
    {
        // A checkpoint is written in a millisecond or two: only a loop without pauses sees it.
        while (!process.HasExited)
        {
            if (happened())
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    });

    private string[] Parts()
    {
        string checkpoints = At("killed/checkpoints");
        return Directory.Exists(checkpoints) ? Directory.GetFiles(checkpoints, "*.tmp") : [];
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
