using Pondus.Data;
using Pondus.Experiments;
using Pondus.Runs;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Experiments;

/// <summary>Texts through experiments: divided by position, learned, kept with their vocabulary.</summary>
public sealed class TextExperimentTests
{
    [Fact]
    public void Train_SmallText_KeepsTheVocabularyAndPredictsTheNextCharacter()
    {
        using TestFolder folder = new();
        string path = folder.File("text.txt");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("abcdef", 200)));
        Experiment experiment = Parse($$"""
            {
              "name": "t", "loss": "CrossEntropy", "model": { "network": "lstm", "hidden": 24, "embedding": 8 },
              "data": { "source": "text", "path": {{System.Text.Json.JsonSerializer.Serialize(path)}}, "context": 10, "batchSize": 16, "split": { "validation": 0.1, "test": 5 } },
              "optimizer": { "type": "Adam", "learningRate": 0.02 }, "training": { "epochs": 12 }, "monitor": "off",
            }
            """);
        RunOutcome outcome = new ExperimentRunner(TimeProvider.System).Train(experiment, new TrainOptions { Folder = folder.File("run") });
        Assert.InRange(outcome.Record.Results!.Test!["accuracy"], 0.99, 1);
        TrainedRun run = TrainedRun.Load(outcome.Folder.Path);
        Assert.Equal(["a", "b", "c", "d", "e", "f"], run.Card.ClassNames);
        string prompt = folder.File("prompt.txt");
        File.WriteAllText(prompt, "cdefabcdef");
        float[] next = Assert.Single(run.Predict(RunSamples.LoadInputs(run, prompt)));
        Assert.Equal(6, next.Length);
        Assert.Equal(0, Array.IndexOf(next, next.Max()));
        Assert.InRange(run.Evaluate(RunSamples.Load(run, path)).Metrics["accuracy"], 0.95, 1);
    }

    [Fact]
    public void Load_Text_IsDividedByPosition()
    {
        using TestFolder folder = new();
        string path = folder.File("text.txt");
        File.WriteAllText(path, new string('a', 60) + new string('b', 30) + new string('c', 11));
        Experiment experiment = Parse($$"""
            { "loss": "CrossEntropy", "model": "gru", "data": { "source": "text", "path": {{System.Text.Json.JsonSerializer.Serialize(path)}}, "context": 10, "split": { "validation": 0.3, "test": 1 } } }
            """);
        ExperimentData data = ExperimentData.Load(experiment);
        // 101 characters: 11 for one window of 10 with its targets, 30 for validation, 60 to learn from.
        Assert.Equal((2, 1), (data.Validation!.Count, data.Test!.Count));
        Assert.All(data.Training.Inputs, static t => Assert.Equal(0f, t));
        Assert.All(data.Validation.Inputs, static t => Assert.Equal(1f, t));
        Assert.All(data.Test.Labels!, static t => Assert.Equal(2, t));
        Assert.Equal(["a", "b", "c"], data.ClassNames);
    }

    [Theory]
    [InlineData(""" "model": {"network": "lstm", "bidirectional": true} """, "model.bidirectional: expected false, since a network that reads from the end knows what comes next, got true.")]
    [InlineData(""" "model": [{"type": "Embedding", "count": 65, "size": 4}, {"type": "Gru", "hidden": 5}] """, "model: expected an output of (4, 2), one value for each character at each place, got (4, 5).")]
    [InlineData(""" "model": [{"type": "Lstm", "hidden": 5}] """, "model[0]: expected an input of (time, features), with Embedding before it where the data are tokens, got samples of (4).")]
    public void Build_NetworkThatDoesNotFit_SaysWhy(string model, string message)
    {
        Experiment experiment = Parse($$"""{ "loss": "CrossEntropy", {{model}}, "data": { "source": "text", "context": 4 } }""");
        Assert.Equal(message, Assert.Throws<ExperimentException>(() => NetworkBuilder.Build(experiment, [4], 2)).Message);
    }

    [Theory]
    [InlineData(""" "standardize": "global" """, "data.standardize: expected none, since characters are no measurements, got Global.")]
    [InlineData(""" "split": {"folds": 3} """, "data.split: expected no folds, since a text is divided by position, got 3.")]
    public void Parse_SettingsOfTables_AreRefused(string setting, string message) => Assert.Equal(
        message,
        Assert.Throws<ExperimentException>(() => Parse($$"""{ "loss": "CrossEntropy", "model": "lstm", "data": { "source": "text", {{setting}} } }""")).Message);

    [Fact]
    public void Build_RowsOfPictures_AreASequence()
    {
        Experiment experiment = Parse("""{ "loss": "CrossEntropy", "model": {"network": "gru", "hidden": 6, "layers": 2, "bidirectional": true}, "data": "letters" }""");
        Layer network = NetworkBuilder.Build(experiment, [1, 28, 20], 3);
        Assert.Equal("RecurrentNetwork(Gru(20 -> 6, 2 layers, bidirectional), Linear(12 -> 3))", network.ToString());
        Assert.Equal([2, 3], network.Forward(Tensor.Zeros([2, 1, 28, 20])).Shape.ToArray());
    }

    private static Experiment Parse(string text) => ExperimentFile.Parse(text);
}
