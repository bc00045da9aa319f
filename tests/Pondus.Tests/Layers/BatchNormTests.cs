using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Tests.Data;
using Pondus.Tests.Kernels;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class BatchNormTests
{
    private static readonly PassContext s_training = new(IsTraining: true);

    /// <summary>Every way to compute norm, addition and ReLU in one gives what the three give alone.</summary>
    [Theory]
    [InlineData(false, false, 5)]
    [InlineData(false, true, 5)]
    [InlineData(true, false, 3)]
    [InlineData(true, true, 16)]
    [InlineData(true, true, 65)]
    public void Forward_WithAddendAndRelu_GivesValuesAndGradientsOfThePartsAlone(bool addend, bool relu, int channels)
    {
        RandomSource random = new(1);
        Shape shape = [7, channels, 3, 5];
        Tensor x = Tensor.Normal(shape, 1f, 2f, random), skip = Tensor.Normal(shape, 0f, 1f, random), upstream = Tensor.Normal(shape, 0f, 1f, random);
        BatchNorm2d layer = new(channels);
        layer.Weight!.Set(Tensor.Normal([channels], 0f, 1f, random).Values);
        layer.Bias!.Set(Tensor.Normal([channels], 0f, 1f, random).Values);
        float[][] alone = Run((input, other) =>
        {
            Tensor y = layer.Forward(input);
            y = addend ? y + other : y;
            return relu ? y.Relu() : y;
        });
        float[][] together = Run((input, other) => layer.Forward(input, relu, addend ? other : null));
        for (int i = 0; i < alone.Length; i++)
        {
            // The sums over 105 values a channel may be added in another order.
            Assert.Equal(alone[i].Length, together[i].Length);
            Assert.All(alone[i].Zip(together[i]), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }

        float[][] Run(Func<Tensor, Tensor, Tensor> compute)
        {
            Pondus.Step.Begin(s_training);
            layer.Weight.ZeroGradient();
            layer.Bias.ZeroGradient();
            Tensor input = x.WithGradient(), other = skip.WithGradient();
            Tensor y = compute(input, other);
            // The addend is used once more: its gradient must add up.
            ((y * upstream) + (other * 0.5f)).Sum().Backward();
            float[][] all = [y.ToArray(), input.Gradient.ToArray(), other.Gradient.ToArray(), layer.Weight.Gradient.ToArray(), layer.Bias.Gradient.ToArray()];
            Pondus.Step.End();
            return all;
        }
    }

    [Fact]
    public void Forward_EmptyBatchWhileTraining_CountsAndLeavesTheStatisticsAlone()
    {
        BatchNorm2d layer = new(3);
        Pondus.Step.Begin(s_training);
        Assert.Equal([0, 3, 2, 2], layer.Forward(Tensor.Zeros([0, 3, 2, 2])).Shape.ToArray());
        Pondus.Step.End();
        Assert.Equal([1f], layer.NamedBuffers().Single(static pair => pair.Name == "num_batches_tracked").Parameter.ToArray());
        Assert.Equal([0f, 0f, 0f], layer.RunningMean!.ToArray());
        Assert.Equal([1f, 1f, 1f], layer.RunningVariance!.ToArray());
    }

    [Fact]
    public void Forward_AddendFirstAndOnlyUsedThere_GetsTheGradientThatReluLetsThrough()
    {
        BatchNorm2d layer = new(2);
        Tensor x = Tensor.Normal([3, 2, 4, 4], 0f, 1f, new RandomSource(1));
        Pondus.Step.Begin(s_training);
        Tensor skip = Tensor.Ones(x.Shape).WithGradient();
        Tensor y = layer.Forward(x, relu: true, skip);
        y.Sum().Backward();
        Assert.Equal(y.ToArray().Select(static v => v > 0 ? 1f : 0f), skip.Gradient.ToArray());
        Pondus.Step.End();
    }

    [Fact]
    public void Forward_FrozenWeight_StillTrainsTheBias()
    {
        BatchNorm1d layer = new(3);
        layer.Weight!.RequiresGradient = false;
        Pondus.Step.Begin(s_training);
        layer.Forward(Tensor.Normal([5, 3], 0f, 1f, new RandomSource(1))).Sum().Backward();
        Assert.False(layer.Weight.HasGradient);
        Assert.Equal([5f, 5f, 5f], layer.Bias!.Gradient.ToArray());
        Pondus.Step.End();
    }

    [Fact]
    public void Forward_TwoBatchesWithoutMomentum_AveragesThem()
    {
        BatchNorm1d layer = new(1, momentum: null);
        Train(layer, Tensor.Of([1f, 3f], [2, 1]));
        Train(layer, Tensor.Of([5f, 11f], [2, 1]));
        // Means 2 and 8; variances (1 + 1) / 1 = 2 and (9 + 9) / 1 = 18.
        Assert.Equal([5f], layer.RunningMean!.ToArray());
        Assert.Equal([10f], layer.RunningVariance!.ToArray());
        Assert.Equal(2f, layer.NamedBuffers().Last().Parameter.Values[0]);
    }

    [Fact]
    public void Forward_BatchThatIsNotFinite_LeavesTheRunningStatistics()
    {
        BatchNorm1d layer = new(2);
        Train(layer, Tensor.Of([1f, 2f, 3f, 7f], [2, 2]));
        float[] before = [.. layer.NamedBuffers().SelectMany(static pair => pair.Parameter.ToArray())];
        Train(layer, Tensor.Of([1f, float.NaN, 3f, 7f], [2, 2]));
        Assert.Equal(before, layer.NamedBuffers().SelectMany(static pair => pair.Parameter.ToArray()));
    }

    [Fact]
    public void Forward_Evaluation_ChangesNoBuffer()
    {
        BatchNorm1d layer = new(1);
        Tensor x = Tensor.Of([1f, 3f], [2, 1]);
        // (x - 0) / sqrt(1 + 1e-5)
        Assert.Equal([1f / MathF.Sqrt(1.00001f), 3f / MathF.Sqrt(1.00001f)], layer.Forward(x).ToArray());
        Assert.Equal([0f, 1f, 0f], layer.NamedBuffers().SelectMany(static pair => pair.Parameter.ToArray()));
    }

    /// <summary>E[x^2] - E[x]^2 in single precision would leave nothing of a variance of 1 beside a mean of 10,000.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Forward_LargeMean_KeepsTheVariance(int channels)
    {
        BatchNorm2d layer = new(channels, epsilon: 1e-12f, momentum: 1f);
        Tensor x = Tensor.Normal([16, channels, 64, 64], 10_000f, 1f, new RandomSource(1));
        Train(layer, x);
        // Inputs near 10,000 are multiples of 2^-10, which adds less than 1e-6 to the variance; 65,536 draws leave 0.4 %.
        Assert.All(layer.RunningVariance!.ToArray(), static v => Assert.Equal(1.0, v, 0.03));
        Assert.All(layer.RunningMean!.ToArray(), static v => Assert.Equal(10_000.0, v, 0.03));
    }

    [Fact]
    public void Forward_OneValueAChannel_IsRefusedInTrainingOnly()
    {
        BatchNorm1d layer = new(3);
        _ = layer.Forward(Tensor.Ones([1, 3]));
        ShapeException error = Assert.Throws<ShapeException>(() => Train(layer, Tensor.Ones([1, 3])));
        Pondus.Step.End();
        Assert.Equal("BatchNorm1d(3): expected more than one value a channel to take statistics of, got input of shape (1, 3).", error.Message);
    }

    [Fact]
    public void Forward_OtherAddend_IsRefused()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => new BatchNorm2d(3).Forward(Tensor.Ones([2, 3, 2, 2]), relu: true, Tensor.Ones([2, 3, 1, 1])));
        Assert.Equal("BatchNorm2d(3): expected an addend of shape (2, 3, 2, 2), got (2, 3, 1, 1).", error.Message);
    }

    [Theory]
    [InlineData(0, 1e-5f, 0.1f)]
    [InlineData(3, 0f, 0.1f)]
    [InlineData(3, 1e-5f, 1.5f)]
    public void Constructor_SettingOutsideItsRange_IsRefused(int channels, float epsilon, float momentum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d(channels, epsilon, momentum));

    [Fact]
    public void Save_Batches_AreAnIntegerAsInPyTorch()
    {
        using TestFolder folder = new();
        string path = folder.File("weights.safetensors");
        BatchNorm1d layer = new(2), other = new(2);
        Train(layer, Tensor.Of([1f, 2f, 3f, 7f], [2, 2]));
        ModuleWeights.Save(layer, path);
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            Assert.Equal("int64", file.Find("num_batches_tracked")!.DataType);
        }

        ModuleWeights.Load(other, path);
        Assert.Equal(layer.NamedBuffers().SelectMany(static pair => pair.Parameter.ToArray()), other.NamedBuffers().SelectMany(static pair => pair.Parameter.ToArray()));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(32, true)]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits(int channels, bool addend) => KernelAssert.SameBits(() =>
    {
        BatchNorm2d layer = new(channels);
        RandomSource random = new(1);
        Tensor x = Tensor.Normal([13, channels, 33, 35], 0f, 1f, random);
        Pondus.Step.Begin(s_training);
        Tensor input = x.WithGradient();
        Tensor y = layer.Forward(input, relu: true, addend ? input : null);
        (y * x).Sum().Backward();
        float[] all = [.. y.Values, .. input.Gradient, .. layer.Weight!.Gradient, .. layer.Bias!.Gradient, .. layer.RunningVariance!.Values];
        Pondus.Step.End();
        return all;
    });

    private static void Train(BatchNorm layer, Tensor x)
    {
        Pondus.Step.Begin(s_training);
        _ = layer.Forward(x);
        Pondus.Step.End();
    }
}
