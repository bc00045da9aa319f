using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class CrossEntropyKernelTests
{
    private const double LossTolerance = 5e-7;
    private const double GradientTolerance = 1e-6;

    public static TheoryData<int, int, bool, float> Cases
    {
        get
        {
            TheoryData<int, int, bool, float> cases = [];
            foreach (int n in (int[])[1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 33, 67, 128, 1000])
            {
                cases.Add(11, n, false, 0);
                cases.Add(11, n, true, 0);
                cases.Add(11, n, false, 0.1f);
                cases.Add(11, n, true, 0.1f);
            }

            cases.Add(5000, 10, true, 0.2f);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_WeightsAndSmoothing_FollowPyTorchsFormula(int rows, int n, bool weighted, float smoothing)
    {
        using GuardedBuffer x = GuardedBuffer.Normal(rows * n, 1, 3), p = new(rows * n), d = new(rows * n), sum = GuardedBuffer.Normal(rows * n, 5), before = new(sum.Span), weights = GuardedBuffer.Uniform(n, 2, 0.5f, 2);
        int[] labels = Labels(rows, n);
        labels[rows / 2] = CrossEntropyKernel.IgnoredLabel;
        using GuardedBuffer t = new(labels);
        float* w = weighted ? weights.Pointer : null;
        double total = CrossEntropyKernel.Forward(x.Pointer, t.Integers, rows, n, w, smoothing, p.Pointer, out double weightSum);
        const float Scale = 0.3f;
        CrossEntropyKernel.Backward(p.Pointer, t.Integers, rows, n, w, smoothing, Scale, d.Pointer, false);
        CrossEntropyKernel.Backward(p.Pointer, t.Integers, rows, n, w, smoothing, Scale, sum.Pointer, true);

        double expected = 0, expectedWeight = 0;
        for (int r = 0; r < rows; r++)
        {
            double[] row = [.. x.Span.Slice(r * n, n).ToArray().Select(v => (double)v)];
            double logSum = Math.Log(row.Sum(Math.Exp));
            double[] target = new double[n];
            if (labels[r] != CrossEntropyKernel.IgnoredLabel)
            {
                for (int i = 0; i < n; i++)
                {
                    target[i] = ((i == labels[r] ? 1 - (double)smoothing : 0) + ((double)smoothing / n)) * (weighted ? weights.Span[i] : 1);
                    expected += target[i] * (logSum - row[i]);
                }

                expectedWeight += weighted ? weights.Span[labels[r]] : 1;
            }

            for (int i = 0; i < n; i++)
            {
                double probability = Math.Exp(row[i] - logSum), gradient = Scale * ((probability * target.Sum()) - target[i]);
                KernelAssert.Close(probability, p.Span[(r * n) + i], 2e-6, 0, $"probability [{r}, {i}]");
                KernelAssert.Close(gradient, d.Span[(r * n) + i], 0, GradientTolerance, $"gradient [{r}, {i}]");
                KernelAssert.Close(before.Span[(r * n) + i] + gradient, sum.Span[(r * n) + i], 0, GradientTolerance, $"added gradient [{r}, {i}]");
            }
        }

        KernelAssert.Close(expected, total, LossTolerance, 1e-5, "total");
        KernelAssert.Close(expectedWeight, weightSum, 1e-12, 0, "weights");
    }

    [Fact]
    public void Forward_CertainAndRight_CostsNothing()
    {
        float[] logits = [100, 0, 0];
        using GuardedBuffer x = new(logits), p = new(3);
        int label = 0;
        Assert.Equal(0, CrossEntropyKernel.Forward(x.Pointer, &label, 1, 3, null, 0, p.Pointer, out _));
        label = 1;
        Assert.Equal(100, CrossEntropyKernel.Forward(x.Pointer, &label, 1, 3, null, 0, p.Pointer, out _));
    }

    [Fact]
    public void Forward_NoRows_GivesZeros()
    {
        Assert.Equal(0, CrossEntropyKernel.Forward(null, null, 0, 10, null, 0, null, out double weightSum));
        Assert.Equal(0, weightSum);
    }

    [Fact]
    public void FindInvalidLabel_OneBadLabel_GivesItsRow()
    {
        int[] good = [0, 9, -100], high = [0, 10, 3], low = [0, 1, -1];
        fixed (int* a = good, b = high, c = low)
        {
            Assert.Equal(-1, CrossEntropyKernel.FindInvalidLabel(a, 3, 10));
            Assert.Equal(1, CrossEntropyKernel.FindInvalidLabel(b, 3, 10));
            Assert.Equal(2, CrossEntropyKernel.FindInvalidLabel(c, 3, 10));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(100)]
    public void CountCorrect_TiesAndRandomRows_CountsFirstMaxima(int n)
    {
        const int Rows = 3000;
        using GuardedBuffer x = GuardedBuffer.Normal(Rows * n, 1);
        int[] labels = Labels(Rows, n);
        int expected = 0;
        for (int r = 0; r < Rows; r++)
        {
            Span<float> row = x.Span.Slice(r * n, n);
            for (int i = 0; i < n; i++)
            {
                row[i] = MathF.Round(row[i]);
            }

            float largest = row.ToArray().Max();
            expected += row.IndexOf(largest) == labels[r] ? 1 : 0;
        }

        using GuardedBuffer t = new(labels);
        Assert.Equal(expected, CrossEntropyKernel.CountCorrect(x.Pointer, t.Integers, Rows, n));
    }

    [Fact]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int Rows = 20_000, N = 10;
        using GuardedBuffer x = GuardedBuffer.Normal(Rows * N, 1), p = new(Rows * N), d = new(Rows * N), t = new(Labels(Rows, N));
        double total = CrossEntropyKernel.Forward(x.Pointer, t.Integers, Rows, N, null, 0.1f, p.Pointer, out _);
        CrossEntropyKernel.Backward(p.Pointer, t.Integers, Rows, N, null, 0.1f, 1, d.Pointer, false);
        return [.. p.Span, .. d.Span, (float)total, (float)(total - (float)total)];
    });

    private static int[] Labels(int rows, int n)
    {
        RandomSource random = new(7);
        int[] labels = new int[rows];
        for (int r = 0; r < rows; r++)
        {
            labels[r] = random.NextInt32(n);
        }

        return labels;
    }
}
