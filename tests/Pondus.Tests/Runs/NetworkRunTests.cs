using Pondus.Data;
using Pondus.Experiments;
using Pondus.Runs;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Runs;

/// <summary>Networks by their names, from the experiment file to the answers of the trained run.</summary>
[Collection(ProcessWide.Name)]
public sealed class NetworkRunTests
{
    [Theory]
    [InlineData("\"mlp\"", 28, "Mlp")]
    [InlineData("\"lenet\"", 28, "LeNet")]
    [InlineData("""{ "network": "resnet", "depth": 20 }""", 16, "ResNet")]
    [InlineData("""{ "network": "resnet", "depth": 32, "shortcut": "padding" }""", 16, "ResNet")]
    [InlineData("""{ "network": "mobilenet", "width": 0.25, "expand": 2 }""", 16, "MobileNetV2")]
    public void Train_ClassifierByName_CanBeEvaluatedAndAsked(string model, int size, string type)
    {
        using TestFolder folder = new();
        Experiment experiment = Parse(model, size, "CrossEntropy");
        RunOutcome outcome = new ExperimentRunner(TimeProvider.System).Train(experiment, new TrainOptions { Folder = folder.File("run") });
        Assert.Equal("finished", outcome.Record.State);
        Assert.True(outcome.Summary.Total > 0);
        TrainedRun run = TrainedRun.Load(folder.File("run"));
        Assert.Equal(type, run.Model.GetType().Name);
        (string part, Dataset test) = RunSamples.Own(run);
        Assert.Equal("test", part);
        Assert.Equal(outcome.Record.Results!.Test!["loss"], run.EvaluatePrepared(test).Loss, 1e-6);
        float[][] answers = run.Predict(Letters.Generate(3, new RandomSource(1), new LettersOptions { Size = size }).Inputs);
        Assert.All(answers, static row => Assert.Equal(1f, row.Sum(), 1e-5f));
        Assert.All(answers, static row => Assert.Equal(3, row.Length));
    }

    [Theory]
    [InlineData("""{ "network": "autoencoder", "hidden": [40], "code": 8 }""")]
    [InlineData("""{ "network": "autoencoder", "convolutions": [8, 4] }""")]
    public void Train_Autoencoder_LearnsItsInputs(string model)
    {
        using TestFolder folder = new();
        Experiment experiment = Parse(model, 16, "MeanSquaredError").Apply(new ExperimentEdit("training.epochs", "8"), new ExperimentEdit("optimizer.learningRate", "0.01"), new ExperimentEdit("data.augment", "[\"Noise\"]"));
        RunOutcome outcome = new ExperimentRunner(TimeProvider.System).Train(experiment, new TrainOptions { Folder = folder.File("run") });
        // The pictures' own variance is what an answer of constants leaves.
        float[] pixels = Letters.Generate(60, new RandomSource(1), new LettersOptions { Size = 16 }).Inputs;
        double mean = pixels.Average(), variance = pixels.Average(p => (p - mean) * (p - mean));
        Assert.InRange(outcome.Record.Results!.Test!["loss"], 0, 0.8 * variance);
        Assert.Equal(256, TrainedRun.Load(folder.File("run")).Predict(pixels.AsSpan(0, 256))[0].Length);
    }

    [Theory]
    [InlineData("\"lenet\"", 16, "CrossEntropy", "model: expected pictures of (channels, height, width) from 28 x 28 on for lenet, got (1, 16, 16).")]
    [InlineData("""{ "network": "unet", "widths": [4, 4, 4, 4] }""", 12, "CrossEntropy", "model: expected pictures of (channels, height, width) with sizes divisible by 8 for unet, got (1, 12, 12).")]
    [InlineData("\"autoencoder\"", 16, "CrossEntropy", "loss.type: expected a loss for numbers such as MeanSquaredError, since the inputs themselves are the targets, got CrossEntropy.")]
    public void Train_DataThatDoNotFit_AreOneClearLine(string model, int size, string loss, string message)
    {
        using TestFolder folder = new();
        ExperimentException error = Assert.Throws<ExperimentException>(() => new ExperimentRunner(TimeProvider.System).Train(Parse(model, size, loss), new TrainOptions { Folder = folder.File("run") }));
        Assert.Equal(message, error.Message);
    }

    private static Experiment Parse(string model, int size, string loss) => ExperimentFile.Parse($$"""
        {
          "data": { "source": "letters", "count": 60, "size": {{size}}, "split": { "test": 0.2 }, "batchSize": 16, "standardize": "global", "augment": [{ "type": "RandomCrop", "padding": 1 }] },
          "model": {{model}},
          "loss": "{{loss}}",
          "training": { "epochs": 2 },
        }
        """);
}
