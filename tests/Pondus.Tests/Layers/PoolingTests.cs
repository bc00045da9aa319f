using Pondus.Layers;
using Pondus.Tests.Kernels;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Forward_NaNInAWindow_WinsAndTakesTheGradient(int kernel, int stride)
    {
        MaxPool2d layer = new(kernel, stride);
        float[] values = [.. Enumerable.Range(0, 17 * kernel * kernel).Select(static i => (float)(i % 7))];
        // One window of 17 channels; the NaN of channel 16 is its last value but one, so it is neither first nor largest.
        values[(16 * kernel * kernel) + (kernel * kernel) - 2] = float.NaN;
        Pondus.Step.Begin();
        Tensor x = Tensor.Of(values, [1, 17, kernel, kernel]).WithGradient(), y = layer.Forward(x);
        Assert.Equal(Enumerable.Repeat(false, 16).Append(true), y.ToArray().Select(float.IsNaN));
        y.Sum().Backward();
        Assert.Equal(17f, x.Gradient.ToArray().Sum());
        Assert.Equal(1f, x.Gradient[(16 * kernel * kernel) + (kernel * kernel) - 2]);
        Pondus.Step.End();
    }

    [Fact]
    public void Forward_OtherSizeOfInput_MakesItsOwnWindows()
    {
        MaxPool2d layer = new(2);
        Assert.Equal([1, 1, 2, 3], layer.Forward(Tensor.Ones([1, 1, 4, 6])).Shape.ToArray());
        Assert.Equal([1, 1, 3, 1], layer.Forward(Tensor.Ones([1, 1, 6, 2])).Shape.ToArray());
    }

    [Fact]
    public void Constructor_SettingOutsideItsRange_IsNamed()
    {
        Assert.StartsWith("MaxPool2d: expected kernelSize of at least 1, got 0x2.", Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d((0, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith("MaxPool2d: expected stride of at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d(2, stride: 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("AvgPool1d: expected padding of at most half the window 3, got 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new AvgPool1d(3, padding: 2)).Message, StringComparison.Ordinal);
        Assert.StartsWith("AdaptiveAvgPool2d: expected an output size of at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveAvgPool2d(0)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds => ["two", "overlapping", "mean", "global"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits(string kind) => KernelAssert.SameBits(() =>
    {
        Layer layer = kind switch
        {
            "two" => new MaxPool2d(2),
            "overlapping" => new MaxPool2d(3, stride: 2, padding: 1),
            "mean" => new AvgPool2d(3, stride: 1, padding: 1),
            _ => new GlobalAvgPool2d(),
        };
        Pondus.Step.Begin();
        Tensor x = Tensor.Normal([9, 19, 27, 25], 0f, 1f, new RandomSource(1)).WithGradient(), y = layer.Forward(x);
        (y * y).Sum().Backward();
        float[] all = [.. y.Values, .. x.Gradient];
        Pondus.Step.End();
        return all;
    });
}
