using Pondus.Formats;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightMatchingTests : IDisposable
{
    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Theory]
    [InlineData("module.fc1.weight", "fc1.weight")]
    [InlineData("_orig_mod.fc1.weight", "model.fc1.weight")]
    [InlineData("encoder._orig_mod.fc1.weight", "encoder.fc1.weight")]
    [InlineData("state_dict.module.fc1.weight", "fc1.weight")]
    [InlineData("_model_8k.fc1.weight", "model_8k.fc1.weight")]
    [InlineData("dense/kernel:0", "dense.weight")]
    [InlineData("params/bn/scale", "bn.weight")]
    [InlineData("bn/moving_variance", "bn.running_var")]
    public void Find_NamesSpeltApart_ArePairedBySpelling(string first, string second)
    {
        // The values say nothing: only the names can.
        WeightMatching matching = WeightMatching.Find([WeightSamples.Of(first, [2], 1, 2), WeightSamples.Of("a", [2], 1, 2)], [WeightSamples.Of("b", [2], 1, 2), WeightSamples.Of(second, [2], 1, 2)]);
        TensorMatch match = matching.Matches.Single(match => match.First.Name == first);
        Assert.Equal((second, MatchKind.Spelling), (match.Second.Name, match.Kind));
    }

    [Fact]
    public void Find_CommonPrefix_IsFound()
    {
        WeightEntry[] first = [WeightSamples.Random("bert.a.weight", [3, 3]), WeightSamples.Random("bert.b.weight", [3, 3]), WeightSamples.Random("head.weight", [2, 3])];
        WeightEntry[] second = [WeightSamples.Random("b.weight", [3, 3], 2), WeightSamples.Random("a.weight", [3, 3], 2)];
        WeightMatching matching = WeightMatching.Find(first, second);
        Assert.Equal([("bert.a.weight", "a.weight"), ("bert.b.weight", "b.weight")], matching.Matches.Select(static match => (match.First.Name, match.Second.Name)));
        Assert.All(matching.Matches, static match => Assert.Equal(MatchKind.Spelling, match.Kind));
        Assert.Equal(["head.weight"], matching.Missing.Select(static entry => entry.Name));
        Assert.Empty(matching.Unexpected);
    }

    [Fact]
    public void Find_SameValuesInAnotherLayout_ArePairedByContentWithTheAxes()
    {
        // A kernel of 2 x 3 x 4 x 5 (height, width, in, out) as (out, in, height, width), and one of the same sizes that is another.
        WeightEntry keras = WeightSamples.Random("conv/kernel", [2, 3, 4, 5]);
        WeightEntry torch = TensorLayout.Permute(keras, [3, 2, 0, 1], "features.0.weight");
        WeightEntry other = WeightSamples.Random("features.9.weight", [5, 4, 2, 3]);
        WeightMatching matching = WeightMatching.Find([keras], [other, torch]);
        TensorMatch match = Assert.Single(matching.Matches);
        Assert.Equal((torch, MatchKind.Content), (match.Second, match.Kind));
        Assert.Equal([3, 2, 0, 1], match.Axes);
        Assert.Equal([other], matching.Unexpected);
    }

    [Fact]
    public void Find_SquareMatrixTurned_IsSeenByItsValues()
    {
        WeightEntry keras = WeightSamples.Random("a", [6, 6]), torch = TensorLayout.Permute(keras, [1, 0], "b");
        Assert.Equal([1, 0], WeightMatching.Find([keras], [torch]).Matches[0].Axes);
        Assert.Null(WeightMatching.Find([keras], [CastEntry.Rename(keras, "b")]).Matches[0].Axes);
    }

    [Fact]
    public void Find_OnlySizesFit_GuessesBySharedWordsThenOrder()
    {
        WeightEntry[] first = [WeightSamples.Random("lstm.bias_ih", [8]), WeightSamples.Random("lstm.bias_hh", [8]), WeightSamples.Random("x", [4])];
        WeightEntry[] second = [WeightSamples.Random("rnn.bias_hh", [8], 2), WeightSamples.Random("rnn.bias_ih", [8], 2), WeightSamples.Random("y", [4], 2), WeightSamples.Random("z", [4], 2)];
        WeightMatching matching = WeightMatching.Find(first, second);
        Assert.Equal([("lstm.bias_ih", "rnn.bias_ih"), ("lstm.bias_hh", "rnn.bias_hh"), ("x", "y")], matching.Matches.Select(static match => (match.First.Name, match.Second.Name)));
        Assert.All(matching.Matches, static match => Assert.Equal(MatchKind.Shape, match.Kind));
        Assert.Equal(["z"], matching.Unexpected.Select(static entry => entry.Name));
    }

    [Fact]
    public void Find_ConstantTensors_AreNotPairedByContent()
    {
        // Ones are in every norm: that they are equal says nothing.
        WeightMatching matching = WeightMatching.Find([WeightSamples.Of("a", [4], 1, 1, 1, 1)], [WeightSamples.Of("b", [4], 1, 1, 1, 1)]);
        Assert.Equal(MatchKind.Shape, Assert.Single(matching.Matches).Kind);
    }

    [Fact]
    public void Find_Map_GoesBeforeNames()
    {
        WeightEntry a = WeightSamples.Random("a", [2]), b = WeightSamples.Random("b", [2]);
        WeightMatching matching = WeightMatching.Find([a, b], [a, b], new WeightNameMap([new("a", "b"), new("b", "a")]));
        Assert.Equal([("a", "b"), ("b", "a")], matching.Matches.Select(static match => (match.First.Name, match.Second.Name)));
    }

    [Fact]
    public void Save_Mapping_ReadsBackTheSame()
    {
        WeightEntry keras = WeightSamples.Random("conv/\"kernel\"", [2, 3]), torch = TensorLayout.Permute(keras, [1, 0], "0.weight");
        WeightMatching matching = WeightMatching.Find([keras, WeightSamples.Random("rest", [7])], [torch, WeightSamples.Random("more", [9])]);
        matching.ToMap().Save(_samples.At("names.json"));
        WeightNameMap map = WeightNameMap.Load(_samples.At("names.json"));
        WeightNameMapRow row = Assert.Single(map.Rows);
        Assert.Equal(("conv/\"kernel\"", "0.weight", MatchKind.Content), (row.From, row.To, row.Kind));
        Assert.Equal([1, 0], row.Axes);
        Assert.Contains("\"missing\": [\n    \"rest\"\n  ]", File.ReadAllText(_samples.At("names.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrittenByHand_MayHaveCommentsAndTrailingCommas()
    {
        File.WriteAllText(_samples.At("names.json"), """
            {
              // by hand
              "tensors": [ { "from": "a", "to": "b" }, ],
            }
            """);
        Assert.Equal([new WeightNameMapRow("a", "b")], WeightNameMap.Load(_samples.At("names.json")).Rows);
    }

    [Theory]
    [InlineData("[]", "expected an object with an array 'tensors', got an array.")]
    [InlineData("{\"tensors\": 3}", "expected an object with an array 'tensors', got an object.")]
    [InlineData("{\"tensors\": [], \"x\": 1}", "expected 'tensors', 'missing' and 'unexpected', got 'x'.")]
    [InlineData("{\"tensors\": [3]}", "row 0: expected an object, got a number.")]
    [InlineData("{\"tensors\": [{\"from\": \"a\"}]}", "row 0: expected 'from' and 'to', got no 'to'.")]
    [InlineData("{\"tensors\": [{\"from\": \"a\", \"to\": 3}]}", "row 0: expected texts 'from', 'to', 'by' and whole numbers 'axes', got 'to' of a number.")]
    [InlineData("{\"tensors\": [{\"from\": \"a\", \"to\": \"b\", \"axes\": [0.5]}]}", "row 0: expected texts 'from', 'to', 'by' and whole numbers 'axes', got 'axes' of an array.")]
    [InlineData("{\"tensors\": [{\"from\": \"a\", \"to\": \"b\"}, {\"from\": \"c\", \"to\": \"b\"}]}", "Name map: expected each name once, got another row from 'c' to 'b'.")]
    [InlineData("{\"tensors\": [{\"from\": \"\\ud800\", \"to\": \"b\"}]}", "expected names as text, got an escape that is half a character.")]
    [InlineData("{\n\"tensors\":", "expected a file of names in JSON, got a syntax error in line 2.")]
    public void Load_Wrong_SaysWhere(string text, string message)
    {
        string path = _samples.At("names.json");
        File.WriteAllText(path, text);
        string found = Assert.Throws<InvalidDataException>(() => WeightNameMap.Load(path)).Message;
        Assert.StartsWith($"{path}: {message}", found, StringComparison.Ordinal);
    }
}
