using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;
using static Pondus.Tests.WeightFiles.WeightSamples;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightQuantizationTests : IDisposable
{
    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void Quantize_Int8_HasAScaleForEachChannel()
    {
        // Scales 254 / 127 = 2 and 1 (zeros); 3 / 2 and 5 / 2 are ties, which go to the even 2.
        WeightFile source = _samples.Write("a.safetensors", Of("x", [2, 4], 254, -100, 3, 5, 0, 0, 0, 0), Of("bias", [2], 1, 2));
        OperationReport report = WeightQuantization.Quantize(source, _samples.At("b.safetensors"), new QuantizationOptions { DataType = "int8" });
        WeightFile target = _samples.Open("b.safetensors");
        Assert.Equal(["bias", "x", "x.scale"], target.Entries.Select(static entry => entry.Name).Order());
        Assert.Equal("int8", target.Find("x")!.DataType);
        Assert.Equal([127, -50, 2, 2, 0, 0, 0, 0], WeightValues.Read(target.Find("x")!));
        Assert.Equal([2f, 1f], target.ReadSingle("x.scale"));
        Assert.Equal([1f, 2f], target.ReadSingle("bias"));
        Assert.Equal("int8 per channel", target.Metadata["pondus.quantization"]);
        Assert.Equal(1, report.Total.Max);
        Assert.Equal((32L, 8L + 8), (report.Total.BytesBefore, report.Total.BytesAfter));
    }

    [Fact]
    public void Quantize_Int8_StaysWithinHalfAStepAndIsCompared()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [24, 3, 5]), Random("bias", [24]));
        OperationReport report = WeightQuantization.Quantize(source, _samples.At("b.safetensors"), new QuantizationOptions { DataType = "int8" });
        WeightFile target = _samples.Open("b.safetensors");
        float[] before = source.ReadSingle("x"), scales = target.ReadSingle("x.scale");
        double[] codes = WeightValues.Read(target.Find("x")!);
        Assert.All(Enumerable.Range(0, before.Length), i => Assert.InRange(Math.Abs(before[i] - (codes[i] * scales[i / 15])), 0, 0.5 * scales[i / 15] * (1 + 1e-6)));
        WeightDifference difference = WeightDifference.Compare(source, target);
        Assert.Equal(report.Total.SignalToNoise!.Value, difference.Tensors.Single(static tensor => tensor.Match.First.Name == "x").SignalToNoise!.Value, 1e-9);
        Assert.Empty(difference.Matching.Unexpected);
        Assert.StartsWith("the same weights, rounded: 4", difference.Verdict, StringComparison.Ordinal);
        Assert.Equal(["float32", "int8"], difference.Changed[0].DataTypes);
        // Back to floats: the values that the codes stand for.
        WeightConversion.Convert(target, _samples.At("c.safetensors"), new ConversionOptions { DataType = "float32" });
        WeightFile back = _samples.Open("c.safetensors");
        Assert.Equal(codes.Select((code, i) => (float)code * scales[i / 15]), back.ReadSingle("x"));
        Assert.Null(back.Find("x.scale"));
        Assert.False(back.Metadata.ContainsKey("pondus.quantization"));
    }

    [Fact]
    public void Quantize_Int8_AgreesWithPyTorchPerChannel()
    {
        _samples.Write("a.safetensors", Random("x", [24, 64]));
        WeightQuantization.Quantize(_samples.Open("a.safetensors"), _samples.At("b.safetensors"), new QuantizationOptions { DataType = "int8" });
        string output = Peers.RunPython(["-c", """
            import sys, torch
            from safetensors.torch import load_file
            x = load_file(f'{sys.argv[1]}/a.safetensors')['x']
            b = load_file(f'{sys.argv[1]}/b.safetensors')
            scale = b['x.scale']
            assert torch.allclose(scale, x.abs().amax(1) / 127, rtol=1e-6, atol=0)
            q = torch.quantize_per_channel(x, scale.double(), torch.zeros(24, dtype=torch.long), 0, torch.qint8)
            # PyTorch multiplies by a rounded inverse: values at half a step may differ by one code.
            far = (q.int_repr().int() - b['x'].int()).abs()
            assert far.max() <= 1 and far.sum() <= 2, far.sum()
            print('agreed')
            """, Path.GetDirectoryName(_samples.At("x"))!]);
        Assert.Equal("agreed", output.Trim());
    }

    [Fact]
    public void Compare_TwoQuantizedFiles_ComputesEachTensorOnce()
    {
        int computed = 0;
        WeightEntry Make(byte value) => ComputedEntry.Of("x", "uint8", [3 * WeightValues.PartElements], () =>
        {
            computed++;
            return [.. Enumerable.Repeat(value, 3 * WeightValues.PartElements)];
        });
        TensorDifference difference = DifferenceJob.Compare(new TensorMatch(Make(1), Make(3), MatchKind.Name), new DifferenceOptions { ComparesRows = false });
        Assert.Equal((2.0, 0), (difference.Max, (int)difference.EqualCount));
        // Twice: for the bytes, which differ in the first part, and for the values.
        Assert.InRange(computed, 2, 4);
    }

    [Theory]
    [InlineData("q8_0", 40)]
    [InlineData("q4_0", 15)]
    public void Quantize_Blocks_GoIntoGgufAndWhatDoesNotFitStays(string type, double decibel)
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [4, 64]), Random("odd", [4, 33]), Random("embed", [4, 32]), Random("bias", [64]));
        OperationReport report = WeightQuantization.Quantize(source, _samples.At("b.gguf"), new QuantizationOptions { DataType = type, Keep = ["emb*"] });
        WeightFile target = _samples.Open("b.gguf");
        Assert.Equal(type, target.Find("x")!.DataType);
        Assert.All(new[] { "odd", "embed", "bias" }, name => Assert.Equal("float32", target.Find(name)!.DataType));
        Assert.Equal([("bias", "fewer than two axes"), ("embed", "asked for"), ("odd", "rows of 33 are no whole blocks of 32")], report.Kept.OrderBy(static pair => pair.Name, StringComparer.Ordinal));
        TensorError x = Assert.Single(report.Tensors);
        Assert.InRange(x.SignalToNoise!.Value, decibel, decibel + 10);
        Assert.Equal(TensorError.Measure(source.Find("x")!, target.Find("x")!).Relative, x.Relative);
    }

    [Fact]
    public void Quantize_IntoAFormatWithoutBlocks_NamesThoseThatHaveThem()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [4, 64]));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => WeightQuantization.Quantize(source, _samples.At("b.safetensors"), new QuantizationOptions { DataType = "q4_0" }));
        Assert.Equal($"{_samples.At("b.safetensors")}: expected a format that holds q4_0 (gguf), got safetensors.", error.Message);
    }

    [Theory]
    [InlineData("bfloat16", "pondus convert --dtype bfloat16 rounds to it.")]
    [InlineData("q9_9", "got q9_9.")]
    public void Quantize_ToAnotherType_SaysTheCure(string type, string message)
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [4, 64]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightQuantization.Quantize(source, _samples.At("b.gguf"), new QuantizationOptions { DataType = type }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_NotFinite_NamesTensorAndChannel()
    {
        WeightFile source = _samples.Write("a.safetensors", Of("x", [2, 2], 1, 2, float.NaN, 3));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => WeightQuantization.Quantize(source, _samples.At("b.safetensors"), new QuantizationOptions { DataType = "int8" }));
        Assert.Equal("Tensor 'x': expected finite values to quantize, got NaN in channel 1.", error.Message);
    }
}
