using System.Text.Json.Nodes;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

public sealed class TrainingStateTests
{
    [Fact]
    public void Load_SavedState_RestoresAllAndGivesTheExtra()
    {
        using TestFolder folder = new();
        Trainer saved = Trained(), loaded = Make(seed: 5);
        TrainingState.Save(saved, folder.File("state"), new Dictionary<string, string>(StringComparer.Ordinal) { ["logBytes"] = "123" });
        Assert.Equal("123", TrainingState.Load(loaded, folder.File("state"))["logBytes"]);
        Assert.Equal(ModuleWeights.Digest(saved.Model), ModuleWeights.Digest(loaded.Model));
        Assert.Equal(saved.Optimizer.StepNumber, loaded.Optimizer.StepNumber);
        Assert.Equal((saved.Progress.Step, saved.Progress.Epoch, saved.Progress.Position), (loaded.Progress.Step, loaded.Progress.Epoch, loaded.Progress.Position));
        Assert.Equal(saved.Progress.BestValidation!.Loss, loaded.Progress.BestValidation!.Loss);
    }

    [Fact]
    public void Load_CutShort_IsRefusedAndChangesNothing()
    {
        using TestFolder folder = new();
        TrainingState.Save(Trained(), folder.File("state"));
        byte[] whole = File.ReadAllBytes(folder.File("state"));
        Trainer trainer = Make(seed: 5);
        string before = ModuleWeights.Digest(trainer.Model);
        for (int length = 0; length < whole.Length; length += 1 + (length / 20))
        {
            string path = folder.Write("short", whole[..length]);
            Assert.Throws<WeightFormatException>(() => TrainingState.Load(trainer, path));
        }

        Assert.Equal(before, ModuleWeights.Digest(trainer.Model));
        Assert.Equal(0, trainer.Progress.Step);
    }

    [Fact]
    public void Load_BytesChanged_IsReadOrRefusedByNoOtherException()
    {
        using TestFolder folder = new();
        TrainingState.Save(Trained(), folder.File("state"));
        byte[] whole = File.ReadAllBytes(folder.File("state"));
        int header = 8 + BitConverter.ToInt32(whole);
        RandomSource random = new(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] changed = [.. whole];
            changed[random.NextInt32(header)] = (byte)random.NextInt32(256);
            Exception? error = Record.Exception(() => TrainingState.Load(Make(seed: 5), folder.Write("changed", changed)));
            Assert.True(error is null or WeightFormatException, $"change {i}: expected a WeightFormatException or none, got {error}");
        }
    }

    [Theory]
    [InlineData("Step", "-1")]
    [InlineData("Epoch", "-3")]
    [InlineData("Position", "-1")]
    [InlineData("OptimizerStep", "-1")]
    [InlineData("SampleCount", "-1")]
    [InlineData("StopReason", "\"Bored\"")]
    [InlineData("LastMetrics", "null")]
    [InlineData("Sums", "null")]
    [InlineData("Sums", "{}")]
    [InlineData("Sums", "{\"accuracy\":[1]}")]
    [InlineData("BestValidation", "{\"Loss\":1,\"Count\":3}")]
    public void Load_CountersThatCannotBe_AreRefusedAndChangeNothing(string counter, string value)
    {
        using TestFolder folder = new();
        string path = Rewrite(folder, (entries, counters) =>
        {
            counters[counter] = JsonNode.Parse(value);
            return entries;
        });
        Trainer trainer = Make(seed: 5);
        string before = ModuleWeights.Digest(trainer.Model);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => TrainingState.Load(trainer, path));
        Assert.Contains("metadata 'pondus.training'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ModuleWeights.Digest(trainer.Model));
    }

    [Theory]
    [InlineData("model/0.weight")]
    [InlineData("model/2.bias")]
    [InlineData("optimizer/exp_avg_sq/2.weight")]
    [InlineData("best/0.bias")]
    public void Load_TensorMissing_IsNamedAndNothingChanges(string name)
    {
        using TestFolder folder = new();
        string path = Rewrite(folder, (entries, _) => [.. entries.Where(entry => entry.Name != name)]);
        Trainer trainer = Make(seed: 5);
        string before = ModuleWeights.Digest(trainer.Model);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => TrainingState.Load(trainer, path));
        Assert.Contains($"expected tensor '{name}', got none. The checkpoint is of another network or optimizer.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ModuleWeights.Digest(trainer.Model));
    }

    [Theory]
    [InlineData("model/0.weight")]
    [InlineData("best/0.weight")]
    public void Load_TensorOfAnotherSize_IsNamed(string name)
    {
        using TestFolder folder = new();
        string path = Rewrite(folder, (entries, _) => [.. entries.Select(entry => entry.Name == name ? WeightEntry.OfSingle(name, [2], new float[] { 1f, 2f }) : entry)]);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => TrainingState.Load(Make(seed: 5), path));
        Assert.Contains($"tensor '{name}': expected 12 values, got 2. The checkpoint is of another network.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightsFile_SaysThatItIsNoCheckpoint()
    {
        using TestFolder folder = new();
        Trainer trainer = Make(seed: 5);
        ModuleWeights.Save(trainer.Model, folder.File("weights"));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => TrainingState.Load(trainer, folder.File("weights")));
        Assert.Contains("expected a checkpoint with metadata 'pondus.training', got none.", error.Message, StringComparison.Ordinal);
    }

    private static string Rewrite(TestFolder folder, Func<IReadOnlyList<WeightEntry>, JsonNode, IReadOnlyList<WeightEntry>> change)
    {
        TrainingState.Save(Trained(), folder.File("state"));
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("state"));
        Dictionary<string, string> metadata = new(file.Metadata, StringComparer.Ordinal);
        JsonNode counters = JsonNode.Parse(metadata["pondus.training"])!;
        IReadOnlyList<WeightEntry> entries = change(file.Entries, counters);
        metadata["pondus.training"] = counters.ToJsonString();
        SafetensorsWriter.Save(folder.File("changed"), entries, metadata);
        return folder.File("changed");
    }

    private static Trainer Trained()
    {
        Trainer trainer = Make(seed: 1);
        trainer.Fit(TrainingData.Clusters(60, 4, 2), TrainingData.Clusters(20, 4, 2, seed: 2));
        return trainer;
    }

    private static Trainer Make(ulong seed)
    {
        RandomSource random = new(seed);
        Sequential model = new(new Linear(4, 3, random), new Relu(), new Linear(3, 2, random));
        return new Trainer(model, new CrossEntropy(), new Adam(model.Parameters, new AdamOptions(0.01f)), new TrainerOptions { Epochs = 2, BatchSize = 16, Settling = new Settling() }, new Accuracy());
    }
}
