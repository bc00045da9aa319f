using System.Text.Json;
using Pondus.Cli.Output;
using Pondus.Cli.Services;
using Pondus.Experiments;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>Commands that need a runner, with one that records what it is asked and answers made-up results.</summary>
public class CommandTests
{
    private static readonly TrainOutcome s_outcome = new()
    {
        Run = "runs/x",
        Status = "finished",
        Epochs = 2,
        Steps = 20,
        Seconds = 1.5,
        Train = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = 0.25, ["accuracy"] = 0.5 },
        Test = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = double.NaN },
        Parameters = new ParameterCounts(12, 12, 9, 3),
        Weights = "runs/x/weights.safetensors",
        Sha256 = "ab",
    };

    [Fact]
    public async Task Train_Options_BecomeEditsOfTheExperiment()
    {
        (int status, Recorder recorder) = await RunAsync(s_outcome, "train", "letters", "--epochs", "3", "--batch-size", "16", "--seed", "9", "--threads", "2", "--monitor", "deep",
            "--set", "optimizer.learningRate=0.5", "--set", "name=mine", "--out", "here", "--from", "w.safetensors", "--freeze", "0.*", "--freeze", "2.bias", "--json");
        TrainRequest request = recorder.Trained!;
        Assert.Equal(
            [
                "name: \"letters\" -> \"mine\"", "seed: 1 -> 9", "data.batchSize: 64 -> 16", "optimizer.learningRate: 0.001 -> 0.5",
                "training.epochs: 10 -> 3", "training.threads: null -> 2", "monitor.level: \"light\" -> \"deep\"",
            ],
            Recipes.Get("letters").ChangesTo(request.Experiment).Select(c => c.ToString()), StringComparer.Ordinal);
        Assert.Equal(("here", false, "w.safetensors"), (request.RunFolder, request.Resume, request.InitialWeights));
        Assert.Equal(["0.*", "2.bias"], request.Frozen);
        Assert.Equal(0, status);
    }

    [Fact]
    public async Task Train_Steps_TakesTheLimitOfEpochsAway()
    {
        (_, Recorder recorder) = await RunAsync(s_outcome, "train", "letters", "--steps", "100", "--out", "here", "--resume");
        Assert.Equal((null, 100L, true), (recorder.Trained!.Experiment.Training.Epochs, recorder.Trained.Experiment.Training.Steps, recorder.Trained.Resume));
    }

    [Fact]
    public async Task Train_Data_IsAnAbsolutePath()
    {
        (_, Recorder recorder) = await RunAsync(s_outcome, "train", "fashion", "--data", "pictures");
        Assert.Equal(Path.GetFullPath("pictures"), Assert.IsType<IdxDataSettings>(recorder.Trained!.Experiment.Data).Path);
    }

    [Fact]
    public async Task Train_Json_HasThePromisedFields()
    {
        (_, Recorder recorder) = await RunAsync(s_outcome, "train", "line", "--json", "--quiet");
        JsonElement json = JsonDocument.Parse(recorder.Out.ToString()).RootElement;
        string[] fields = ["run", "status", "epochs", "steps", "seconds", "train", "validation", "test", "parameters", "weights", "sha256", "findings"];
        Assert.All(fields, f => Assert.True(json.TryGetProperty(f, out _), f));
        Assert.Equal(9, json.GetProperty("parameters").GetProperty("weights").GetInt64());
        Assert.Equal(0.5, json.GetProperty("train").GetProperty("accuracy").GetDouble());
        Assert.Equal("NaN", json.GetProperty("test").GetProperty("loss").GetString());
        Assert.Equal(string.Empty, recorder.Error.ToString());
    }

    [Fact]
    public async Task Train_Text_HasResultsOnOutAndProgressOnError()
    {
        (_, Recorder recorder) = await RunAsync(s_outcome, "train", "line");
        string expected = """
                     loss  accuracy
            train  0.2500    0.5000
            test      NaN

            status      finished after 2 epochs, 20 steps, 1.50 s
            parameters  12 (9 weights, 3 biases; 12 trained)
            run         runs/x
            weights     runs/x/weights.safetensors, sha256 ab

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), recorder.Out.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(
            "epoch 1/2  loss 0.5000  validation 0.6000  metric 0.7500  1,000 samples/s\nepoch 2/2  loss 0.2500  1,000 samples/s\n",
            recorder.Error.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("interrupted", 130)]
    [InlineData("failed", 1)]
    [InlineData("stopped early", 0)]
    public async Task Train_Status_DecidesTheExitStatus(string status, int expected)
    {
        Assert.Equal(expected, (await RunAsync(s_outcome with { Status = status }, "train", "line")).Status);
    }

    [Fact]
    public async Task Evaluate_Json_HasLossAndMetricsBesideTheRun()
    {
        using TemporaryFolder folder = new();
        folder.Write("run.json", "{}");
        (int status, Recorder recorder) = await RunAsync(s_outcome, "evaluate", folder.Path, "--data", "d", "--json");
        JsonElement json = JsonDocument.Parse(recorder.Out.ToString()).RootElement;
        Assert.Equal(0.125, json.GetProperty("loss").GetDouble());
        Assert.Equal(0.75, json.GetProperty("accuracy").GetDouble());
        Assert.Equal(("d", 0), (recorder.Evaluated!.Data, status));
    }

    [Fact]
    public async Task Predict_Text_IsOneLineASample()
    {
        using TemporaryFolder folder = new();
        folder.Write("run.json", "{}");
        string input = folder.Write("in.csv", "1");
        (_, Recorder recorder) = await RunAsync(s_outcome, "predict", folder.Path, input);
        Assert.Equal("0\tB\t0.2500 0.7500\n1\t1.5000\n", recorder.Out.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_UnexpectedException_IsOneLine()
    {
        Recorder recorder = new(s_outcome) { Failure = new InvalidOperationException("first\nsecond") };
        Assert.Equal(1, await CommandLine.RunAsync(["train", "line"], recorder.Context));
        Assert.Equal("pondus: internal error: InvalidOperationException: first second Set PONDUS_TRACE=1 to see where.\n", recorder.Error.ToString().ReplaceLineEndings("\n"));
    }

    private static async Task<(int Status, Recorder Recorder)> RunAsync(TrainOutcome outcome, params string[] args)
    {
        Recorder recorder = new(outcome);
        return (await CommandLine.RunAsync(args, recorder.Context), recorder);
    }

    private sealed class Recorder : IExperimentRunner
    {
        private readonly TrainOutcome _outcome;

        public Recorder(TrainOutcome outcome)
        {
            _outcome = outcome;
            Context = new CommandContext { Out = Out, Error = Error, Runner = this, DataSets = new LibraryDataSets() };
        }

        public StringWriter Out { get; } = new();

        public StringWriter Error { get; } = new();

        public CommandContext Context { get; }

        public Exception? Failure { get; init; }

        public TrainRequest? Trained { get; private set; }

        public EvaluateRequest? Evaluated { get; private set; }

        public Task<TrainOutcome> TrainAsync(TrainRequest request, IProgress<TrainingProgressReport> progress, CancellationToken cancellationToken)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Trained = request;
            progress.Report(new TrainingProgressReport(1, 2, 10, 20, 0.5, 0.6, 0.75, 1000));
            progress.Report(new TrainingProgressReport(2, 2, 15, 20, 0.3, null, null, 1000));
            progress.Report(new TrainingProgressReport(2, 2, 20, 20, 0.25, null, null, 1000));
            return Task.FromResult(_outcome);
        }

        public Task<EvaluateOutcome> EvaluateAsync(EvaluateRequest request, CancellationToken cancellationToken)
        {
            Evaluated = request;
            Dictionary<string, double> results = new(StringComparer.Ordinal) { ["loss"] = 0.125, ["accuracy"] = 0.75 };
            return Task.FromResult(new EvaluateOutcome(request.RunFolder, "test", 8, results));
        }

        public Task<PredictOutcome> PredictAsync(PredictRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new PredictOutcome(request.RunFolder, [new Prediction(0, 1, "B", [0.25f, 0.75f]), new Prediction(1, null, null, [1.5f])]));
    }
}
