using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class LinearKernelsTests
{
    private const double SumTolerance = 1e-6;

    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = new() { { 1, 5 }, { 200_003, 1 }, { 20_001, 20 }, { 50_000, 3 }, { 64, 64 }, { 128, 512 }, { 40, 2000 }, { 0, 7 }, { 4097, 129 } };
            for (int n = 1; n < 68; n++)
            {
                shapes.Add(37, n);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BiasActivation_AnyShape_IsBiasThenFunction(int rows, int n)
    {
        foreach (bool relu in (bool[])[false, true])
        {
            foreach (bool biased in (bool[])[true, false])
            {
                using GuardedBuffer y = GuardedBuffer.Normal(rows * n, 1), bias = GuardedBuffer.Normal(n, 2), expected = new(y.Span);
                for (int i = 0; biased && i < rows * n; i++)
                {
                    expected.Span[i] += bias.Span[i % n];
                }

                if (relu)
                {
                    Unary.Forward(UnaryKind.Relu, expected.Pointer, expected.Pointer, rows * n, 0f);
                }

                LinearKernels.BiasActivation(y.Pointer, biased ? bias.Pointer : null, rows, n, relu);
                Assert.True(expected.Span.SequenceEqual(y.Span), $"ReLU {relu}, bias {biased}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MaskAndSumColumns_AnyShape_AgreesWithDoubles(int rows, int n)
    {
        foreach (bool masked in (bool[])[true, false])
        {
            foreach (bool add in (bool[])[true, false])
            {
                using GuardedBuffer dy = GuardedBuffer.Normal(rows * n, 1), y = GuardedBuffer.Normal(rows * n, 2), db = GuardedBuffer.Normal(n, 3), before = new(db.Span), expected = new(dy.Span), valuesOfY = new(y.Span);
                double[] sums = new double[n], bounds = new double[n];
                for (int i = 0; i < rows * n; i++)
                {
                    expected.Span[i] = masked && y.Span[i] <= 0 ? 0 : dy.Span[i];
                    sums[i % n] += expected.Span[i];
                    bounds[i % n] += Math.Abs(expected.Span[i]);
                }

                LinearKernels.MaskAndSumColumns(dy.Pointer, masked ? y.Pointer : null, rows, n, db.Pointer, add);
                Assert.True(expected.Span.SequenceEqual(dy.Span));
                Assert.True(valuesOfY.Span.SequenceEqual(y.Span));
                for (int j = 0; j < n; j++)
                {
                    KernelAssert.Close(sums[j] + (add ? before.Span[j] : 0), db.Span[j], 0, SumTolerance * (bounds[j] + 1), $"column {j}, masked {masked}, add {add}");
                }
            }
        }
    }

    [Fact]
    public void MaskAndSumColumns_WithoutBias_OnlyMasks()
    {
        using GuardedBuffer dy = new([1f, 2, 3, 4]), y = new([0f, 1, -1, float.NaN]);
        LinearKernels.MaskAndSumColumns(dy.Pointer, y.Pointer, 2, 2, null, false);
        Assert.Equal([0f, 2, 0, 4], dy.Span.ToArray());
    }

    [Theory]
    [InlineData(100_003, 1)]
    [InlineData(20_001, 20)]
    [InlineData(500, 700)]
    [InlineData(50, 3000)]
    public void MaskAndSumColumns_SeveralThreads_GivesTheSameBits(int rows, int n) => KernelAssert.SameBits(() =>
    {
        using GuardedBuffer dy = GuardedBuffer.Normal(rows * n, 1), y = GuardedBuffer.Normal(rows * n, 2), db = new(n);
        LinearKernels.MaskAndSumColumns(dy.Pointer, y.Pointer, rows, n, db.Pointer, false);
        LinearKernels.BiasActivation(dy.Pointer, db.Pointer, rows, n, relu: true);
        return [.. dy.Span, .. db.Span];
    });
}
