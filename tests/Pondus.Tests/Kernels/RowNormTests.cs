using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class RowNormTests
{
    // Values of up to 5 from differences and a scale, each rounded to 6e-8.
    private const double Tolerance = 2e-6;

    // Sums over up to 1,000 rows, in chunks of floats.
    private const double SumTolerance = 2e-5;

    public static TheoryData<int, int, bool> Shapes
    {
        get
        {
            TheoryData<int, int, bool> shapes = new() { { 1000, 128, true }, { 300, 257, false }, { 3, 5001, true }, { 2, 40_000, false } };
            for (int n = 1; n < 68; n++)
            {
                shapes.Add(11, n, n % 2 == 0);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_AnyShape_AgreeWithDoubles(int rows, int n, bool center)
    {
        const float epsilon = 1e-2f;
        int chunks = (int)RowNorm.ChunkCount(rows, n);
        using GuardedBuffer x = GuardedBuffer.Normal(rows * n, 1, 2, 3), w = GuardedBuffer.Normal(n, 2), b = GuardedBuffer.Normal(n, 3), dy = GuardedBuffer.Normal(rows * n, 4), before = GuardedBuffer.Normal(rows * n, 5);
        using GuardedBuffer y = new(rows * n), dx = new(before.Span), statistics = new(2 * rows), partials = new(2 * chunks * n);
        RowNorm.Forward(x.Pointer, w.Pointer, b.Pointer, y.Pointer, statistics.Pointer, rows, n, epsilon, center);
        RowNorm.Backward(x.Pointer, w.Pointer, statistics.Pointer, dy.Pointer, dx.Pointer, true, partials.Pointer, rows, n, center);
        double[] weights = new double[n], biases = new double[n];
        for (int r = 0; r < rows; r++)
        {
            Span<float> row = x.Span.Slice(r * n, n);
            double mean = center ? row.ToArray().Average(static v => (double)v) : 0, scale = 1 / Math.Sqrt(row.ToArray().Average(v => (v - mean) * (v - mean)) + epsilon), sum = 0, product = 0;
            for (int j = 0; j < n; j++)
            {
                double g = dy.Span[(r * n) + j], v = (row[j] - mean) * scale;
                sum += center ? g * w.Span[j] / n : 0;
                product += g * w.Span[j] * v / n;
                weights[j] += g * v;
                biases[j] += g;
            }

            for (int j = 0; j < n; j++)
            {
                double v = (row[j] - mean) * scale, d = scale * ((dy.Span[(r * n) + j] * w.Span[j]) - sum - (v * product));
                KernelAssert.Close((v * w.Span[j]) + b.Span[j], y.Span[(r * n) + j], Tolerance, 5 * Tolerance, $"y[{r}, {j}] of {n}");
                KernelAssert.Close(before.Span[(r * n) + j] + d, dx.Span[(r * n) + j], Tolerance, 5 * Tolerance * (1 + (10 * scale)), $"dx[{r}, {j}] of {n}");
            }
        }

        for (int j = 0; j < n; j++)
        {
            double weight = 0, bias = 0;
            for (int c = 0; c < chunks; c++)
            {
                weight += partials.Span[(c * n) + j];
                bias += partials.Span[((chunks + c) * n) + j];
            }

            KernelAssert.Close(weights[j], weight, SumTolerance, 10 * SumTolerance, $"dw[{j}] of {n}");
            KernelAssert.Close(biases[j], bias, SumTolerance, 10 * SumTolerance, $"db[{j}] of {n}");
        }
    }

    /// <summary>A mean 10,000 times the deviation costs its rounding only, not the variance.</summary>
    [Fact]
    public void Forward_LargeMean_KeepsTheVariance()
    {
        using GuardedBuffer x = new(4096), y = new(4096), statistics = new(2);
        for (int i = 0; i < 4096; i++)
        {
            x.Span[i] = 10_000 + (i % 2 == 0 ? 1 : -1);
        }

        RowNorm.Forward(x.Pointer, null, null, y.Pointer, statistics.Pointer, 1, 4096, 1e-12f, true);
        Assert.Equal([10_000f, 1f], statistics.Span.ToArray());
        Assert.Equal([1f, -1f], y.Span[..2].ToArray());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300)]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits(int n) => KernelAssert.SameBits(() =>
    {
        int rows = 100_000 / n, chunks = (int)RowNorm.ChunkCount(rows, n);
        using GuardedBuffer x = GuardedBuffer.Normal(rows * n, 1), y = new(rows * n), dx = new(rows * n), statistics = new(2 * rows), partials = new(2 * chunks * n);
        RowNorm.Forward(x.Pointer, null, null, y.Pointer, statistics.Pointer, rows, n, 1e-5f, true);
        RowNorm.Backward(x.Pointer, null, statistics.Pointer, y.Pointer, dx.Pointer, false, partials.Pointer, rows, n, true);
        return [.. y.Span, .. dx.Span, .. partials.Span];
    });
}
