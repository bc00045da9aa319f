using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Pondus.Layers;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

/// <summary>Weights that lie in a file under a wrapper's name, beside other things, or in two parts.</summary>
public sealed class StateDictionaryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("state_dict.")]
    [InlineData("state_dict.module.")]
    [InlineData("model._orig_mod.module.")]
    public void Load_NamesUnderAWrapper_AreTakenWithoutIt(string prefix)
    {
        using TestFolder folder = new();
        Linear saved = new(3, 2, new RandomSource(1)), loaded = new(3, 2, new RandomSource(2));
        IEnumerable<WeightEntry> entries = Renamed(saved, prefix);
        IReadOnlyList<string> notes = Load(folder, loaded, entries);
        Assert.Equal(ModuleWeights.Digest(saved), ModuleWeights.Digest(loaded));
        Assert.Equal(prefix.Length == 0 ? [] : [$"The names without '{prefix}' are those of the module."], notes);
    }

    [Fact]
    public void Load_StateOfAnOptimizerBesideTheModel_IsLeftOutAndSaid()
    {
        using TestFolder folder = new();
        Linear saved = new(3, 2, new RandomSource(1)), loaded = new(3, 2, new RandomSource(2));
        WeightEntry momentum = WeightEntry.OfSingle("optimizer.state.0.momentum_buffer", [1], new float[1]);
        IReadOnlyList<string> notes = Load(folder, loaded, Renamed(saved, "state_dict.").Append(momentum));
        Assert.Equal(ModuleWeights.Digest(saved), ModuleWeights.Digest(loaded));
        Assert.Equal("The names without 'state_dict.' are those of the module. What else the file holds, such as an optimizer's state, was left out: 1 of 3 tensors.", Assert.Single(notes));
    }

    [Fact]
    public void Load_WrapperWithAnUnknownTensorWithin_IsRefusedWithItsNameInTheFile()
    {
        using TestFolder folder = new();
        Linear saved = new(3, 2, new RandomSource(1)), loaded = new(3, 2, new RandomSource(2));
        WeightEntry extra = WeightEntry.OfSingle("state_dict.other", [1], new float[1]);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => Load(folder, loaded, Renamed(saved, "state_dict.").Append(extra)));
        Assert.EndsWith("got: unexpected 'state_dict.other'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherNames_ListsThoseOfTheFile()
    {
        using TestFolder folder = new();
        Linear loaded = new(1, 1, new RandomSource(2), useBias: false);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => Load(folder, loaded, [WeightEntry.OfSingle("model.kernel", [1, 1], new float[1])]));
        Assert.EndsWith("got: missing 'weight'; unexpected 'model.kernel'.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weight_g", "weight_v")]
    [InlineData("parametrizations.weight.original0", "parametrizations.weight.original1")]
    public void Load_LengthAndDirection_ArePutTogether(string length, string direction)
    {
        // Rows (3, 4) and (0, 2) have the lengths 5 and 2: with g = 10 and 1 they become (6, 8) and (0, 1).
        using TestFolder folder = new();
        Linear loaded = new(2, 2, new RandomSource(2), useBias: false);
        IReadOnlyList<string> notes = Load(folder, loaded, [WeightEntry.OfSingle(length, [2, 1], new[] { 10f, 1f }), WeightEntry.OfSingle(direction, [2, 2], new[] { 3f, 4f, 0f, 2f })]);
        Assert.Equal([6f, 8f, 0f, 1f], loaded.Weight.ToArray());
        Assert.Equal($"'weight' was put together from '{length}' and '{direction}'.", Assert.Single(notes));
    }

    [Fact]
    public void Load_WeightNormOfPyTorch_GivesItsEffectiveWeights()
    {
        string folder = TestData.PathOf("fixtures/torch");
        using WeightFile file = WeightFile.Open(Path.Combine(folder, "parametrized.pt"));
        using TestFolder temporary = new();
        Linear loaded = new(5, 7, new RandomSource(2));
        Load(temporary, loaded, file.Entries.Where(static entry => entry.Name.StartsWith("0.", StringComparison.Ordinal)).Select(static entry => new WeightEntry(entry.Name[2..], entry.DataType, entry.Shape, entry.ReadBytes())));
        float[] expected = NpzFile.Read(Path.Combine(folder, "parametrized_io.npz"), "weight0").Values;
        Assert.All(expected.Zip(loaded.Weight.ToArray()), static pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static IReadOnlyList<string> Load(TestFolder folder, Module module, IEnumerable<WeightEntry> entries)
    {
        PyTorchWriter.Save(folder.File("w.pt"), entries);
        return ModuleWeights.Load(module, folder.File("w.pt"));
    }

    private static IEnumerable<WeightEntry> Renamed(Module module, string prefix) =>
        ModuleWeights.Entries(module).Select(entry => new WeightEntry(prefix + entry.Name, entry.DataType, entry.Shape, entry.ReadBytes()));
}
