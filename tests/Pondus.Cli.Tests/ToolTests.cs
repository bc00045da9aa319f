using System.Text.Json;
using Xunit;

namespace Pondus.Cli.Tests;

public class ToolTests
{
    [Theory]
    [InlineData(2, "pondus: expected a command, got 'trian'. Did you mean 'train'? See pondus --help.", "trian")]
    [InlineData(2, "pondus: unknown argument '--epoch'. Did you mean '--epochs'? See pondus train --help.", "train", "letters", "--epoch=3")]
    [InlineData(2, "pondus: Required argument 'experiment' missing for command: 'train'. See pondus train --help.", "train")]
    [InlineData(2, "pondus: training.epochs: expected an integer of at least 1, got 0.", "train", "letters", "--epochs", "0")]
    [InlineData(2, "pondus: training.steps: expected an integer of at least 1, got \"many\".", "train", "letters", "--steps", "many")]
    [InlineData(2, "pondus: data.batchSize: expected an integer of at least 1, got -3.", "train", "letters", "--batch-size", "-3")]
    [InlineData(2, "pondus: seed: expected an integer of at least 0, got 1.5.", "train", "letters", "--seed", "1.5")]
    [InlineData(2, "pondus: training.threads: expected an integer from 1 to 1024, got 9999.", "train", "letters", "--threads", "9999")]
    [InlineData(2, "pondus: monitor.level: expected one of off, light, got \"loud\".", "train", "letters", "--monitor", "loud")]
    [InlineData(2, "pondus: optimizer.lerningRate: unknown key. Did you mean 'learningRate'?", "train", "letters", "--set", "optimizer.lerningRate=1")]
    [InlineData(2, "pondus: --set: expected key=value, such as optimizer.learningRate=0.01, got 'fast'.", "train", "letters", "--set", "fast")]
    [InlineData(2, "pondus: --data: expected an experiment that reads files, got one whose data are generated (letters).", "train", "letters", "--data", "x")]
    [InlineData(2, "pondus: --resume: expected --out with the folder of the run to continue, got none.", "train", "letters", "--resume")]
    [InlineData(1, "pondus: fashon: expected a recipe (line, letters, fashion, fashion-cnn, lstm-char, gpt-char) or an experiment file, got neither. Did you mean 'fashion'?", "train", "fashon")]
    [InlineData(1, "pondus: recipe: expected one of line, letters, fashion, fashion-cnn, lstm-char, gpt-char, got 'leters'. Did you mean 'letters'?", "recipes", "show", "leters")]
    [InlineData(2, "pondus: expected a command, got 'shw'. Did you mean 'show'? See pondus recipes --help.", "recipes", "shw")]
    [InlineData(1, "pondus: no-folder: expected the folder of a run, got nothing there. See pondus runs.", "evaluate", "no-folder")]
    [InlineData(1, "pondus: no-folder: expected the folder of a run, got nothing there. See pondus runs.", "predict", "no-folder", "x.csv")]
    [InlineData(1, "pondus: no-folder: expected a folder with runs, got nothing there. pondus train makes one.", "runs", "no-folder")]
    [InlineData(2, "pondus: --weights: expected one number for each of the 2 inputs, got 1.", "neuron", "--inputs", "5,2", "--weights", "0.7")]
    [InlineData(2, "pondus: --inputs: expected a number, got 'two'.", "neuron", "--inputs", "5,two", "--weights", "1,2")]
    [InlineData(2, "pondus: --bias: expected a number, got 'NaN'.", "neuron", "--inputs", "5", "--weights", "1", "--bias", "NaN")]
    [InlineData(2, "pondus: Option '--weights' is required. See pondus neuron --help.", "neuron", "--inputs", "5")]
    [InlineData(2, "pondus: --activation: expected one of Identity, Step, Sigmoid, Tanh, Relu, LeakyRelu, Elu, Selu, Silu, Softplus, got 'tan'. Did you mean 'Tanh'?", "neuron", "--inputs", "5", "--weights", "1", "--activation", "tan")]
    public async Task Run_BadInput_IsOneLineAndAStatus(int status, string line, params string[] args)
    {
        ToolResult result = await Tool.RunAsync(args);
        Assert.Equal($"{line}\n", result.Error.ReplaceLineEndings("\n"));
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(status, result.Status);
    }

    [Fact]
    public async Task Run_NoArguments_ShowsHelpOnStandardError()
    {
        ToolResult result = await Tool.RunAsync();
        Assert.Contains("Usage:", result.Error, StringComparison.Ordinal);
        Assert.Equal((2, string.Empty), (result.Status, result.Out));
    }

    [Fact]
    public async Task Train_BadFile_NamesFileAndSetting()
    {
        using TemporaryFolder folder = new();
        folder.Write("my.json", """{ "data": "line", "model": [{"type": "Linear", "out": 1}], "loss": "MeanSquaredError", "optimizer": { "type": "Adam", "lerningRate": 1 } }""");
        ToolResult result = await Tool.RunInAsync(folder.Path, "train", "my.json");
        Assert.Equal("pondus: my.json: optimizer.lerningRate: unknown key. Did you mean 'learningRate'?\n", result.Error.ReplaceLineEndings("\n"));
        Assert.Equal(1, result.Status);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Neuron_Example_Is5Point1()
    {
        ToolResult result = await Tool.RunAsync("neuron", "--inputs", "5,2", "--weights", "0.7,0.3", "--bias", "1");

        // 5 * 0.7 + 2 * 0.3 + 1 = 5.1
        string expected = """
                  input  weight  contribution
            x1        5     0.7           3.5
            x2        2     0.3           0.6
            bias                            1
            sum                           5.1

            output  5.1  (Identity; the neuron fires: the sum is above 0)

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), result.Out.ReplaceLineEndings("\n"));
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
    }

    [Fact]
    public async Task Neuron_NegativeNumbersAndJson_AreRead()
    {
        ToolResult result = await Tool.RunAsync("neuron", "--inputs", "-5,2", "--weights", "-0.5,0.25", "--bias", "-1", "--activation", "relu", "--json");

        // -5 * -0.5 + 2 * 0.25 - 1 = 2.5 + 0.5 - 1
        JsonElement json = JsonDocument.Parse(result.Out).RootElement;
        Assert.Equal(2, json.GetProperty("sum").GetDouble());
        Assert.Equal(2, json.GetProperty("output").GetDouble());
        Assert.Equal([2.5, 0.5], json.GetProperty("contributions").EnumerateArray().Select(c => c.GetDouble()));
        Assert.True(json.GetProperty("fires").GetBoolean());
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("recipes", "--json")]
    [InlineData("recipes", "list", "--json")]
    [InlineData("recipes", "show", "fashion", "--json")]
    [InlineData("data", "--json")]
    [InlineData("data", "get", "letters", "--json", "--quiet")]
    [InlineData("neuron", "--inputs", "1e308", "--weights", "1e308", "--json")]
    public async Task Run_Json_IsExactlyOneDocument(params string[] args)
    {
        ToolResult result = await Tool.RunAsync(args);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(result.Out).RootElement.ValueKind);
        Assert.Equal((0, string.Empty), (result.Status, result.Error));
    }

    [Fact]
    public async Task Help_EveryCommand_HasAnExample()
    {
        foreach (string command in CommandLine.CommandNames)
        {
            ToolResult result = await Tool.RunAsync(command, "--help");
            Assert.Contains($"  pondus {command}", result.Out, StringComparison.Ordinal);
            Assert.Matches("Examples?:", result.Out);
            Assert.Equal(0, result.Status);
        }
    }

    [Fact]
    public async Task Recipes_Show_IsAFileThatTrainAccepts()
    {
        using TemporaryFolder folder = new();
        ToolResult shown = await Tool.RunAsync("recipes", "show", "letters");
        string path = folder.Write("mine.json", shown.Out);
        Assert.Equal("letters", Experiments.ExperimentFile.Load(path).Name);
    }

    [Fact]
    public async Task Runs_FoldersWithRunJson_AreListed()
    {
        using TemporaryFolder folder = new();
        folder.Write("runs/a/run.json", """{ "name": "letters", "state": "finished", "results": { "epochs": 10, "steps": 750, "seconds": 3.25, "test": { "loss": 0.0125, "accuracy": 0.995 } } }""");
        folder.Write("runs/b/run.json", "{ broken");
        folder.Write("runs/c/other.txt", "no run");
        folder.Write("runs/d/run.json", """{ "name": "line", "state": "running" }""");
        folder.Write("runs/e/run.json", """{ "name": "line", "state": "running" }""");
        using FileStream written = new(Path.Combine(folder.Path, "runs/e/run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        ToolResult result = await Tool.RunInAsync(folder.Path, "runs");
        string expected = """
            run  status      epochs  steps    time  test
            a    finished        10    750  3.25 s  loss 0.0125  accuracy 0.9950
            b    unreadable
            d    killed
            e    running

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), result.Out.ReplaceLineEndings("\n"));
        JsonElement json = JsonDocument.Parse((await Tool.RunInAsync(folder.Path, "runs", "--json")).Out).RootElement;
        Assert.Equal(0.995, json.GetProperty("runs")[0].GetProperty("test").GetProperty("accuracy").GetDouble());
    }
}
