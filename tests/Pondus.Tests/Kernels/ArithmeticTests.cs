using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class ArithmeticTests
{
    // Sums of standard normal numbers: rounding within a block of 4,096 only.
    private const double SumTolerance = 3e-7;

    [Fact]
    public void Elementwise_AllLengths_AgreesWithFloats()
    {
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer x = GuardedBuffer.Normal(n, 1), y = GuardedBuffer.Normal(n, 2), before = new(y.Span), z = new(n);
            Arithmetic.Copy(x.Pointer, z.Pointer, n);
            Assert.True(x.Span.SequenceEqual(z.Span));
            Arithmetic.Fill(z.Pointer, 2.5f, n);
            Assert.Equal(-1, z.Span.IndexOfAnyExcept(2.5f));
            Arithmetic.Scale(x.Pointer, 3, z.Pointer, n);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(x.Span[i] * 3, z.Span[i]);
            }

            Arithmetic.Clamp(x.Pointer, -0.5f, 0.25f, z.Pointer, n);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(Math.Clamp(x.Span[i], -0.5f, 0.25f), z.Span[i]);
            }

            Arithmetic.AddTo(x.Pointer, y.Pointer, n);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(before.Span[i] + x.Span[i], y.Span[i]);
            }

            Arithmetic.AddScaled(x.Pointer, -1.5f, y.Pointer, n);
            for (int i = 0; i < n; i++)
            {
                KernelAssert.Close(before.Span[i] - (0.5 * x.Span[i]), y.Span[i], 0, 1e-6, $"{i} of {n}");
            }
        }
    }

    [Fact]
    public void Sums_AllLengths_AgreeWithDoubles()
    {
        foreach (int n in (int[])[.. KernelAssert.Lengths, 300_001])
        {
            using GuardedBuffer x = GuardedBuffer.Normal(n, 1), y = GuardedBuffer.Normal(n, 2);
            double sum = 0, squares = 0, absolutes = 0, dot = 0, dots = 0;
            float largest = float.NegativeInfinity, smallest = float.PositiveInfinity;
            for (int i = 0; i < n; i++)
            {
                sum += x.Span[i];
                squares += (double)x.Span[i] * x.Span[i];
                absolutes += Math.Abs(x.Span[i]);
                dot += (double)x.Span[i] * y.Span[i];
                dots += Math.Abs((double)x.Span[i] * y.Span[i]);
                largest = Math.Max(largest, x.Span[i]);
                smallest = Math.Min(smallest, x.Span[i]);
            }

            KernelAssert.Close(sum, Arithmetic.Sum(x.Pointer, n), 0, SumTolerance * absolutes, $"sum of {n}");
            KernelAssert.Close(squares, Arithmetic.SumOfSquares(x.Pointer, n), SumTolerance, 0, $"squares of {n}");
            KernelAssert.Close(absolutes, Arithmetic.SumOfAbsolutes(x.Pointer, n), SumTolerance, 0, $"absolutes of {n}");
            KernelAssert.Close(dot, Arithmetic.Dot(x.Pointer, y.Pointer, n), 0, SumTolerance * dots, $"product of {n}");
            Assert.Equal(largest, Arithmetic.Maximum(x.Pointer, n));
            Assert.Equal(smallest, Arithmetic.Minimum(x.Pointer, n));
            Assert.True(Arithmetic.AllFinite(x.Pointer, n));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Extremes_OneSpecialValueAnywhere_IsFound(float value)
    {
        foreach (int n in (int[])[1, 5, 16, 17, 47, 64, 130, 40_000])
        {
            for (int at = 0; at < n; at += 1 + (n / 67))
            {
                using GuardedBuffer x = GuardedBuffer.Normal(n, 1);
                x.Span[at] = value;
                Assert.False(Arithmetic.AllFinite(x.Pointer, n));
                if (value is float.NaN or float.PositiveInfinity)
                {
                    Assert.Equal(value, Arithmetic.Maximum(x.Pointer, n));
                }

                if (value is float.NaN or float.NegativeInfinity)
                {
                    Assert.Equal(value, Arithmetic.Minimum(x.Pointer, n));
                }
            }
        }
    }

    [Fact]
    public void Sums_SeveralThreads_GiveTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int N = 300_001;
        using GuardedBuffer x = GuardedBuffer.Normal(N, 1);
        return [Arithmetic.Sum(x.Pointer, N), (float)Arithmetic.SumOfSquares(x.Pointer, N), Arithmetic.Dot(x.Pointer, x.Pointer, N)];
    });
}
