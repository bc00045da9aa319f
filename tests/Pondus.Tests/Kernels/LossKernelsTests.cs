using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class LossKernelsTests
{
    private const double SumTolerance = 6e-7;
    private const double GradientTolerance = 1e-6;
    private const float Delta = 0.7f;
    private const float PositiveWeight = 2.5f;

    private delegate double Loss(float* p, float* t, nint n);

    private delegate void Gradient(float* p, float* t, float* dp, nint n, float scale, bool add);

    [Fact]
    public void SquaredError_AllLengths_AgreesWithDoubles() => Check(
        LossKernels.SquaredError, LossKernels.SquaredErrorGradient, (p, t) => (p - t) * (p - t), (p, t) => 2 * (p - t), false);

    [Fact]
    public void AbsoluteError_AllLengths_AgreesWithDoubles() => Check(
        LossKernels.AbsoluteError, LossKernels.AbsoluteErrorGradient, (p, t) => Math.Abs(p - t), (p, t) => Math.Sign(p - t), false);

    [Fact]
    public void Huber_AllLengths_AgreesWithDoubles() => Check(
        (p, t, n) => LossKernels.Huber(p, t, n, Delta),
        (p, t, d, n, s, a) => LossKernels.HuberGradient(p, t, d, n, s, a, Delta),
        (p, t) => Math.Abs(p - t) <= Delta ? 0.5 * (p - t) * (p - t) : Delta * (Math.Abs(p - t) - (0.5 * Delta)),
        (p, t) => Math.Clamp(p - t, -Delta, Delta),
        false);

    [Fact]
    public void BinaryCrossEntropyWithLogits_AllLengths_AgreesWithDoubles() => Check(
        (p, t, n) => LossKernels.BinaryCrossEntropyWithLogits(p, t, n, PositiveWeight),
        (p, t, d, n, s, a) => LossKernels.BinaryCrossEntropyWithLogitsGradient(p, t, d, n, s, a, PositiveWeight),
        (p, t) => (PositiveWeight * t * Math.Log(1 + Math.Exp(-p))) + ((1 - t) * Math.Log(1 + Math.Exp(p))),
        (p, t) => ((1 - t) / (1 + Math.Exp(-p))) - (PositiveWeight * t / (1 + Math.Exp(p))),
        false);

    [Fact]
    public void BinaryCrossEntropy_AllLengths_AgreesWithDoubles() => Check(
        LossKernels.BinaryCrossEntropy,
        LossKernels.BinaryCrossEntropyGradient,
        (p, t) => -((t * Math.Log(p)) + ((1 - t) * Math.Log(1 - p))),
        (p, t) => (p - t) / (p * (1 - p)),
        true);

    [Theory]
    [InlineData(0f, 0f, 0.0)]
    [InlineData(1f, 1f, 0.0)]
    [InlineData(0f, 1f, 100.0)]
    [InlineData(1f, 0f, 100.0)]
    public void BinaryCrossEntropy_CertainProbability_IsLimitedTo100(float p, float t, double expected) =>
        Assert.Equal(expected, LossKernels.BinaryCrossEntropy(&p, &t, 1));

    [Theory]
    [InlineData(1000f, 1f, 0.0)]
    [InlineData(-1000f, 1f, 1000.0)]
    [InlineData(1000f, 0f, 1000.0)]
    [InlineData(-1000f, 0f, 0.0)]
    public void BinaryCrossEntropyWithLogits_LargeLogits_StaysFinite(float p, float t, double expected) =>
        Assert.Equal(expected, LossKernels.BinaryCrossEntropyWithLogits(&p, &t, 1));

    [Fact]
    public void Losses_NaN_GiveNaN()
    {
        float p = float.NaN, t = 1;
        Assert.Equal(double.NaN, LossKernels.SquaredError(&p, &t, 1));
        Assert.Equal(double.NaN, LossKernels.AbsoluteError(&p, &t, 1));
        Assert.Equal(double.NaN, LossKernels.Huber(&p, &t, 1, 1));
        Assert.Equal(double.NaN, LossKernels.BinaryCrossEntropyWithLogits(&p, &t, 1));
        Assert.Equal(double.NaN, LossKernels.BinaryCrossEntropy(&p, &t, 1));
    }

    [Fact]
    public void Losses_SeveralThreads_GiveTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int N = 200_001;
        using GuardedBuffer p = GuardedBuffer.Normal(N, 1), t = GuardedBuffer.Uniform(N, 2, 0, 1);
        double total = LossKernels.BinaryCrossEntropyWithLogits(p.Pointer, t.Pointer, N);
        return [(float)total, (float)(total - (float)total), (float)LossKernels.SquaredError(p.Pointer, t.Pointer, N)];
    });

    private static void Check(Loss loss, Gradient gradient, Func<double, double, double> value, Func<double, double, double> slope, bool probabilities)
    {
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer p = probabilities ? GuardedBuffer.Uniform(n, 1, 0.01f, 0.99f) : GuardedBuffer.Normal(n, 1, 2), t = GuardedBuffer.Uniform(n, 2, 0, 1);
            using GuardedBuffer d = new(n), sum = GuardedBuffer.Normal(n, 3), before = new(sum.Span);
            double expected = 0;
            for (int i = 0; i < n; i++)
            {
                expected += value(p.Span[i], t.Span[i]);
            }

            KernelAssert.Close(expected, loss(p.Pointer, t.Pointer, n), SumTolerance, 1e-6, $"sum of {n}");
            gradient(p.Pointer, t.Pointer, d.Pointer, n, 0.5f, false);
            gradient(p.Pointer, t.Pointer, sum.Pointer, n, 0.5f, true);
            for (int i = 0; i < n; i++)
            {
                double g = 0.5 * slope(p.Span[i], t.Span[i]);
                KernelAssert.Close(g, d.Span[i], GradientTolerance, GradientTolerance, $"gradient {i} of {n}");
                KernelAssert.Close(before.Span[i] + g, sum.Span[i], GradientTolerance, GradientTolerance, $"added gradient {i} of {n}");
            }
        }
    }
}
