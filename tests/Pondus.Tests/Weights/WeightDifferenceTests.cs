using Pondus.Formats;
using Pondus.Weights;
using Xunit;
using static Pondus.Tests.WeightFiles.WeightSamples;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightDifferenceTests : IDisposable
{
    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void Compare_KnownValues_GivesTheDistancesByHand()
    {
        // a = (3, 0, -4, 0), b = (3, 1, 4, 0): d = (0, 1, 8, 0).
        TensorDifference tensor = Compare([Of("x", [2, 2], 3, 0, -4, 0)], [Of("x", [2, 2], 3, 1, 4, 0)]).Tensors[0];
        Assert.Equal((4, 2, 2, 8, 2.25), (tensor.Count, tensor.EqualCount, tensor.SignChanges, tensor.Max, tensor.Mean));
        Assert.Equal(Math.Sqrt(65) / 5, tensor.Relative!.Value, 1e-15);
        Assert.Equal(10 * Math.Log10(25 / 65.0), tensor.SignalToNoise!.Value, 1e-12);
        Assert.Equal(((3 * 3) - (4 * 4)) / (5 * Math.Sqrt(26)), tensor.Cosine!.Value, 1e-15);
        // Sorted: (-4, 0, 0, 3) and (0, 1, 3, 4): 4 + 1 + 3 + 1.
        Assert.Equal(9 / 4.0, tensor.Wasserstein!.Value, 1e-15);
        Assert.False(tensor.HasEqualValues);
        Assert.Null(tensor.Rearrangement);
    }

    [Fact]
    public void Compare_Nothing_Changed_IsTheSame()
    {
        WeightEntry[] entries = [Random("a", [4, 4]), Int64("steps", 7), Of("none", [0])];
        WeightDifference difference = Compare(entries, entries);
        Assert.Equal("the same weights", difference.Verdict);
        Assert.True(difference.IsIdentical);
        Assert.Empty(difference.Changed);
    }

    [Fact]
    public void Compare_OtherTypeThatHoldsTheValues_IsEqual()
    {
        WeightEntry whole = Of("a", [2, 2], 1, 2, 3, -4);
        WeightDifference difference = Compare([whole], [CastEntry.Of(whole, "a", "bfloat16")]);
        Assert.Equal("the same weights in other types", difference.Verdict);
        Assert.True(difference.HasSameValues);
        Assert.False(difference.IsIdentical);
    }

    [Fact]
    public void Compare_Rounded_GivesTheNoise()
    {
        // bfloat16 keeps 8 bits: relative errors up to 2^-9, some 50 dB below the values.
        WeightEntry entry = Random("a", [32, 32]);
        WeightDifference difference = Compare([entry], [CastEntry.Of(entry, "a", "bfloat16")]);
        Assert.InRange(difference.Tensors[0].SignalToNoise!.Value, 50, 60);
        Assert.StartsWith("the same weights, rounded: 5", difference.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Pruned_SaysHowMuch()
    {
        WeightFile before = _samples.Write("a.safetensors", Random("a", [8, 8]), Random("b", [8]));
        WeightPruning.Prune(before, _samples.At("b.safetensors"), new PruningOptions { Share = 0.25 });
        WeightDifference difference = WeightDifference.Compare(before, _samples.Open("b.safetensors"));
        Assert.Equal("pruned: 25.0 % of the values of 1 of 2 tensors were set to zero", difference.Verdict);
        Assert.Equal(16, difference.Changed[0].ZeroedCount);
    }

    [Fact]
    public void Compare_OneTensorNudged_IsFineTuned()
    {
        WeightEntry[] before = [Random("a", [16, 16]), Random("b", [16, 16]), Random("c", [16])];
        WeightEntry[] after = [before[0], Map(before[1], static (value, i) => value + (0.01f * (i % 3))), before[2]];
        WeightDifference difference = Compare(before, after);
        Assert.Equal("fine-tuned: 1 of 3 tensors changed", difference.Verdict);
        Assert.Equal(["b"], difference.Changed.Select(static tensor => tensor.Match.First.Name));
    }

    [Fact]
    public void Compare_TrainedApart_IsAnotherGeneration()
    {
        WeightEntry[] before = [Random("a", [32, 16]), Random("b", [32, 16]), Of("norm", [16], [.. Enumerable.Repeat(1f, 16)])];
        WeightEntry[] after = [Random("a", [32, 16], 2), Random("b", [32, 16], 2), Of("norm", [16], [.. Enumerable.Repeat(1.01f, 16)])];
        // Differences of two independent sets have sqrt(2) of their norm.
        Assert.Matches(@"^different generations: same shapes, 2 of 2 matrices differ, in the median by 1[34]\d %, cosine (about 0|-?0\.0\d)$", Compare(before, after).Verdict);
    }

    [Fact]
    public void Compare_AllTrainedOn_IsAnotherGeneration()
    {
        WeightEntry[] before = [Random("a", [32, 16]), Random("b", [32, 16]), Random("same", [32, 16])];
        WeightEntry[] after = [.. before.Take(2).Select(static entry => Map(entry, static (value, i) => value + (i % 2 == 0 ? 0.3f : -0.3f))), before[2]];
        Assert.Matches(@"^different generations: same shapes, 2 of 3 matrices differ, in the median by (29|30|31) %, cosine 0\.9[56]$", Compare(before, after).Verdict);
    }

    [Fact]
    public void Compare_SizesMeetByChance_IsNoGeneration()
    {
        WeightEntry[] before = [Random("a", [4]), Random("b", [5, 6]), Random("c", [7, 8])], after = [Random("x", [4], 2), Random("y", [9, 9], 2), Random("z", [3, 8], 2)];
        Assert.Equal("different networks: 1 tensors happen to have the same sizes; 2 only in the first; 2 only in the second", Compare(before, after).Verdict);
    }

    [Fact]
    public void Compare_OtherNetwork_FitsNowhere()
    {
        WeightDifference difference = Compare([Random("a", [3, 5])], [Random("b", [7, 2]), Random("c", [11])]);
        Assert.Equal("different networks: no tensor of one fits one of the other; 1 only in the first; 2 only in the second", difference.Verdict);
        Assert.False(difference.HasSameValues);
    }

    [Fact]
    public void Compare_NeuronsPermuted_IsSeenByUnbiasedCka()
    {
        // Outputs of the first layer and inputs of the second in another order, and a little noise, so that no row is found by its values.
        int[] order = [.. Enumerable.Range(0, 32).Select(static i => (i * 7 % 32))];
        WeightEntry first = Random("1.weight", [32, 64]), second = Random("2.weight", [48, 32]);
        float[] a = first.ReadSingle(), b = second.ReadSingle();
        RandomSource noise = new RandomSource(5).Stream("noise");
        WeightEntry permutedFirst = Of("1.weight", [32, 64], [.. order.SelectMany(from => a.Skip(from * 64).Take(64)).Select(value => value + (0.01f * noise.NextNormal()))]);
        WeightEntry permutedSecond = Of("2.weight", [48, 32], [.. Enumerable.Range(0, 48).SelectMany(row => order.Select(from => b[(row * 32) + from])).Select(value => value + (0.01f * noise.NextNormal()))]);
        WeightDifference difference = Compare([first, second], [permutedFirst, permutedSecond]);
        Assert.InRange(difference.Tensors[0].Rows!.ColumnCka!.Value, 0.99, 1);
        Assert.InRange(difference.Tensors[0].Rows!.UnbiasedCka!.Value, -0.2, 0.2);
        Assert.InRange(difference.Tensors[1].Rows!.UnbiasedCka!.Value, 0.99, 1);
        Assert.StartsWith("the same network with its neurons in another order", difference.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_RowsPermuted_IsFoundExactly()
    {
        WeightEntry before = Of("a", [3, 2], 1, 2, 3, 4, 5, 6), after = Of("a", [3, 2], 5, 6, 1, 2, 3, 4), mixed = Of("a", [3, 2], 6, 5, 1, 2, 3, 4);
        Assert.Equal("rows permuted", Compare([before], [after]).Tensors[0].Rearrangement);
        Assert.Equal("values in another order", Compare([before], [mixed]).Tensors[0].Rearrangement);
        // As ONNX keeps a recurrent layer: an axis for the directions in front.
        WeightEntry directions = Of("a", [1, 3, 2], 5, 6, 1, 2, 3, 4);
        Assert.Equal("rows permuted", Compare([before], [directions]).Tensors[0].Rearrangement);
        Assert.Equal("rows permuted", Compare([directions], [before]).Tensors[0].Rearrangement);
    }

    [Fact]
    public void Compare_NotFinite_IsCountedAndLeftOut()
    {
        TensorDifference tensor = Compare([Of("a", [4], 1, float.NaN, 2, float.PositiveInfinity)], [Of("a", [4], 1, float.NaN, 4, 7)]).Tensors[0];
        Assert.Equal((2, 2, 2.0), (tensor.NonFinite, tensor.EqualCount, tensor.Max!.Value));
        Assert.False(tensor.HasEqualValues);
        TensorDifference same = Compare([Of("a", [2], float.NaN, float.NegativeInfinity)], [Of("a", [2], float.NaN, float.NegativeInfinity)]).Tensors[0];
        Assert.True(same.HasEqualValues);
        Assert.Null(same.Max);
    }

    [Fact]
    public void Compare_OtherSizesUnderOneName_SaysBoth()
    {
        TensorDifference tensor = Compare([Random("a", [2, 3])], [Random("a", [2, 4])]).Tensors[0];
        Assert.Equal("sizes (2, 3) and (2, 4)", tensor.Obstacle);
        Assert.Null(tensor.Cosine);
    }

    [Fact]
    public void Compare_ComplexNumbers_AreEqualOrNot()
    {
        WeightEntry a = new("z", "complex64", [1], new byte[8]), b = new("z", "complex64", [1], new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 });
        Assert.True(Compare([a], [a]).HasSameValues);
        TensorDifference tensor = Compare([a], [b]).Tensors[0];
        Assert.Equal((false, "types complex64 and complex64"), (tensor.HasEqualValues, tensor.Obstacle));
    }

    [Fact]
    public void Compare_BeyondTheLimits_SamplesAndSaysSo()
    {
        // A limit of 100 makes every 21st of 2,048 values: 98 of them. The other distances take all.
        WeightEntry before = Random("a", [64, 32]), after = Map(before, static (value, _) => value + 1);
        DifferenceOptions options = new() { DistributionLimit = 100, RowWork = 8 * 8 * 32 };
        TensorDifference tensor = DifferenceJob.Compare(new TensorMatch(before, after, MatchKind.Name), options);
        Assert.Equal(98, tensor.Sampled);
        Assert.Equal(1, tensor.Wasserstein!.Value, 1e-6);
        Assert.Equal(1, tensor.Mean!.Value, 1e-6);
        Assert.Equal(8, tensor.Rows!.Rows);
    }

    [Fact]
    public void Compare_DamagedTensor_IsNamedNotWrapped()
    {
        WeightEntry damaged = new("a", "float32", [4], 16, static (_, _) => throw new WeightFormatException("x.bin", 3, "tensor 'a': expected more bytes."));
        TensorMatch match = new(damaged, damaged, MatchKind.Name);
        Assert.Throws<WeightFormatException>(() => DifferenceJob.Compare(match, new DifferenceOptions()));
    }

    private WeightDifference Compare(WeightEntry[] first, WeightEntry[] second) =>
        WeightDifference.Compare(_samples.Write("a.safetensors", first), _samples.Write("b.safetensors", second));
}
