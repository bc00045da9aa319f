using Pondus.Layers;
using Pondus.Tests.Kernels;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class GroupNormTests
{
    [Fact]
    public void Forward_SequentialWithSilu_GivesTheBitsOfTheTwoAlone()
    {
        GroupNorm norm = new(4, 12);
        Tensor x = Tensor.Normal([3, 12, 5, 7], 1f, 2f, new RandomSource(1));
        Assert.Equal(norm.Forward(x).Silu().ToArray(), new Sequential(norm, new Silu()).Forward(x).ToArray());
    }

    /// <summary>E[x^2] - E[x]^2 in single precision would leave nothing of a variance of 1 beside a mean of 10,000.</summary>
    [Fact]
    public void Forward_LargeMean_KeepsTheVariance()
    {
        Tensor x = Tensor.Normal([1, 4, 64, 64], 10_000f, 1f, new RandomSource(1));
        float[] y = new GroupNorm(1, 4, epsilon: 1e-12f).Forward(x).ToArray();
        // Of 16,384 draws the deviation is within 0.6 % of 1, five standard errors at most 2.8 %.
        Assert.Equal(1.0, Math.Sqrt(y.Average(static v => (double)v * v)), 1e-3);
        Assert.Equal(0.0, y.Average(static v => (double)v), 1e-3);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(1, 0)]
    public void Constructor_GroupsThatDoNotDivide_AreRefused(int groups, int channels) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupNorm(groups, channels));

    [Fact]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits() => KernelAssert.SameBits(() =>
    {
        GroupNorm norm = new(3, 24);
        Pondus.Step.Begin();
        Tensor x = Tensor.Normal([9, 24, 27, 25], 0f, 1f, new RandomSource(1)).WithGradient(), y = norm.Forward(x, silu: true);
        (y * y).Sum().Backward();
        float[] all = [.. y.Values, .. x.Gradient, .. norm.Weight!.Gradient, .. norm.Bias!.Gradient];
        Pondus.Step.End();
        return all;
    });
}
