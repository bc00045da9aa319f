using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class SoftmaxTests
{
    // x - max is rounded to about |x - max| 6e-8, which is the relative error of the exponential.
    private const double Relative = 2e-6;

    // A log-probability near 0 is a difference of numbers of about 10.
    private const double Absolute = 6e-7;
    private const double GradientTolerance = 3e-6;

    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = new() { { 2, 1000 }, { 3, 3001 }, { 20_000, 3 }, { 9000, 10 }, { 300, 257 } };
            for (int n = 1; n < 68; n++)
            {
                shapes.Add(5, n);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_AnyShape_AgreeWithDoubles(int rows, int n)
    {
        using GuardedBuffer x = GuardedBuffer.Normal(rows * n, 1, 4), dy = GuardedBuffer.Normal(rows * n, 2), y = new(rows * n), z = new(rows * n), dx = new(rows * n), dz = GuardedBuffer.Normal(rows * n, 3), before = new(dz.Span);
        Softmax.Forward(x.Pointer, y.Pointer, rows, n, false);
        Softmax.Forward(x.Pointer, z.Pointer, rows, n, true);
        Softmax.Backward(y.Pointer, dy.Pointer, dx.Pointer, rows, n, false, false);
        Softmax.Backward(z.Pointer, dy.Pointer, dz.Pointer, rows, n, true, true);
        for (int r = 0; r < rows; r++)
        {
            Range row = new(r * n, (r + 1) * n);
            double[] e = [.. x.Span[row].ToArray().Select(v => Math.Exp(v))];
            double sum = e.Sum(), weighted = 0, total = 0, size = 0;
            for (int i = 0; i < n; i++)
            {
                weighted += dy.Span[row][i] * e[i] / sum;
                total += dy.Span[row][i];
                size += Math.Abs(dy.Span[row][i]);
            }

            for (int i = 0; i < n; i++)
            {
                string where = $"[{r}, {i}] of {n}";
                double p = e[i] / sum, g = dy.Span[row][i];
                KernelAssert.Close(p, y.Span[row][i], Relative, 0, where);
                KernelAssert.Close(x.Span[row][i] - Math.Log(sum), z.Span[row][i], Relative, Absolute, "log " + where);
                KernelAssert.Close(p * (g - weighted), dx.Span[row][i], 0, GradientTolerance * p * (1 + Math.Abs(g) + Math.Abs(weighted)), "gradient " + where);
                KernelAssert.Close(before.Span[row][i] + g - (p * total), dz.Span[row][i], 0, GradientTolerance * (1 + size), "log gradient " + where);
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void Forward_LargeLogits_StaysFinite(int n)
    {
        using GuardedBuffer x = new(n), y = new(n);
        x.Span.Fill(-3e38f);
        x.Span[2] = 3e38f;
        Softmax.Forward(x.Pointer, y.Pointer, 1, n, false);
        Assert.Equal(1, y.Span[2]);
        Assert.Equal(0, y.Span[0]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void Forward_MaskedWithInfinity_GivesZeroThere(int n)
    {
        using GuardedBuffer x = new(n), y = new(n);
        x.Span.Fill(float.NegativeInfinity);
        x.Span[0] = x.Span[n - 1] = 7;
        Softmax.Forward(x.Pointer, y.Pointer, 1, n, false);
        Assert.Equal([0.5f, 0, 0.5f], [y.Span[0], y.Span[1], y.Span[n - 1]]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void Forward_OneNaN_SpreadsOverItsRowOnly(int n)
    {
        using GuardedBuffer x = GuardedBuffer.Normal(2 * n, 1), y = new(2 * n);
        x.Span[3] = float.NaN;
        foreach (bool log in (bool[])[true, false])
        {
            Softmax.Forward(x.Pointer, y.Pointer, 2, n, log);
            Assert.Equal(-1, y.Span[..n].IndexOfAnyExcept(float.NaN));
            Assert.Equal(-1, y.Span[n..].IndexOf(float.NaN));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300)]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits(int n) => KernelAssert.SameBits(() =>
    {
        int rows = 100_000 / n;
        using GuardedBuffer x = GuardedBuffer.Normal(rows * n, 1), y = new(rows * n), dx = new(rows * n);
        Softmax.Forward(x.Pointer, y.Pointer, rows, n, false);
        Softmax.Backward(y.Pointer, x.Pointer, dx.Pointer, rows, n, false, false);
        return [.. y.Span, .. dx.Span];
    });
}
