using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;
using static Pondus.Tests.WeightFiles.WeightSamples;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightPruningTests : IDisposable
{
    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void Prune_HalfOfEachTensor_TakesTheSmallestAndOfEqualOnesTheFirst()
    {
        WeightFile source = _samples.Write("a.safetensors", Of("x", [2, 3], 1, -2, 2, -5, 2, 4), Of("y", [1, 2], 10, 20), Of("bias", [2], 0.1f, 0.2f));
        OperationReport report = WeightPruning.Prune(source, _samples.At("b.safetensors"), new PruningOptions { Share = 0.5 });
        WeightFile target = _samples.Open("b.safetensors");
        Assert.Equal([0, 0, 0, -5, 2, 4], target.ReadSingle("x"));
        Assert.Equal([0, 20], target.ReadSingle("y"));
        Assert.Equal([0.1f, 0.2f], target.ReadSingle("bias"));
        TensorError x = report.Tensors.Single(static tensor => tensor.Name == "x");
        Assert.Equal((0, 0.5), (x.SparsityBefore, x.SparsityAfter));
        // (1, 2, 2) of (1, 2, 2, 5, 2, 4) is lost.
        Assert.Equal(Math.Sqrt(9 / 54.0), x.Relative!.Value, 1e-15);
        Assert.Equal([("bias", "fewer than two axes")], report.Kept);
    }

    [Fact]
    public void Prune_Global_TakesTheSmallestOfAll()
    {
        WeightFile source = _samples.Write("a.safetensors", Of("x", [1, 4], 1, 2, 3, 3), Of("y", [1, 4], 3, 30, 40, 50));
        WeightPruning.Prune(source, _samples.At("b.safetensors"), new PruningOptions { Share = 0.5, IsGlobal = true });
        WeightFile target = _samples.Open("b.safetensors");
        // Four of eight: 1, 2 and two of the three 3s, the first in the order of the file.
        WeightEntry first = source.Entries[0];
        Assert.Equal(first.Name == "x" ? [0, 0, 0, 0] : [0f, 0, 0, 3], target.ReadSingle("x"));
        Assert.Equal(first.Name == "x" ? [3, 30, 40, 50] : [0f, 30, 40, 50], target.ReadSingle("y"));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Prune_NothingOrAll_IsThat(double share)
    {
        WeightFile source = _samples.Write("a.safetensors", Of("x", [2, 2], 1, float.NaN, -3, 1e-40f));
        WeightPruning.Prune(source, _samples.At("b.safetensors"), new PruningOptions { Share = share, IsGlobal = true });
        Assert.Equal(share == 0 ? source.ReadSingle("x") : [0, 0, 0, 0], _samples.Open("b.safetensors").ReadSingle("x"));
    }

    [Fact]
    public void Prune_BFloat16_KeepsTheBitsOfTheRest()
    {
        WeightFile source = _samples.Write("a.safetensors", CastEntry.Of(Random("x", [16, 16]), "x", "bfloat16"));
        WeightPruning.Prune(source, _samples.At("b.safetensors"), new PruningOptions { Share = 0.25 });
        byte[] before = source.Find("x")!.ReadBytes(), after = _samples.Open("b.safetensors").Find("x")!.ReadBytes();
        int[] cleared = [.. Enumerable.Range(0, 256).Where(i => after[2 * i] == 0 && after[(2 * i) + 1] == 0)];
        Assert.Equal(64, cleared.Length);
        Assert.All(Enumerable.Range(0, 256).Except(cleared), i => Assert.Equal(before.AsSpan(2 * i, 2), after.AsSpan(2 * i, 2)));
    }

    [Fact]
    public void Prune_ManyValues_AgreesWithPyTorch()
    {
        _samples.Write("a.safetensors", Random("x", [60, 70]), Random("y", [33, 5, 3, 3]), Random("z", [80]));
        WeightPruning.Prune(_samples.Open("a.safetensors"), _samples.At("tensor.safetensors"), new PruningOptions { Share = 0.37 });
        WeightPruning.Prune(_samples.Open("a.safetensors"), _samples.At("global.safetensors"), new PruningOptions { Share = 0.37, IsGlobal = true, Only = ["x", "y"] });
        string output = Peers.RunPython(["-c", """
            import sys, torch
            import torch.nn.utils.prune as prune
            from safetensors.torch import load_file
            folder = sys.argv[1]
            def module():
                m = torch.nn.Module()
                for k, v in load_file(f'{folder}/a.safetensors').items():
                    setattr(m, k, torch.nn.Parameter(v))
                return m
            m = module()
            for k in ('x', 'y'):
                prune.l1_unstructured(m, k, amount=0.37)
            got = load_file(f'{folder}/tensor.safetensors')
            assert all(torch.equal(getattr(m, k), got[k]) for k in ('x', 'y', 'z'))
            m = module()
            prune.global_unstructured([(m, 'x'), (m, 'y')], pruning_method=prune.L1Unstructured, amount=0.37)
            got = load_file(f'{folder}/global.safetensors')
            assert all(torch.equal(getattr(m, k), got[k]) for k in ('x', 'y', 'z'))
            print('agreed')
            """, Path.GetDirectoryName(_samples.At("x"))!]);
        Assert.Equal("agreed", output.Trim());
    }

    [Fact]
    public void Prune_Blocks_AreRefusedByName()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [2, 32]));
        WeightQuantization.Quantize(source, _samples.At("a.gguf"), new QuantizationOptions { DataType = "q8_0" });
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => WeightPruning.Prune(_samples.Open("a.gguf"), _samples.At("b.gguf"), new PruningOptions { Share = 0.5 }));
        Assert.EndsWith("got q8_0 in x. Convert the file with --dtype float16 first.", error.Message, StringComparison.Ordinal);
    }
}
