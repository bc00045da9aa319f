using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class ReductionTests
{
    private const double SumTolerance = 1e-6;

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int> shapes = new() { { 3, 0, 5 }, { 1, 100_001, 1 }, { 2, 70_000, 1 }, { 1, 5000, 20 }, { 700, 50, 3 }, { 5000, 10, 1 }, { 1, 40, 2000 }, { 2, 300, 300 } };
            foreach (int axis in (int[])[1, 2, 7, 16, 33, 67, 131])
            {
                foreach (int inner in (int[])[1, 2, 5, 8, 16, 17, 63, 64, 67, 130])
                {
                    shapes.Add(3, axis, inner);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sum_AnyShape_AgreesWithDoubles(int outer, int axis, int inner)
    {
        using GuardedBuffer x = GuardedBuffer.Normal(outer * axis * inner, 1), y = new(outer * inner);
        Reduction.Sum(x.Pointer, outer, axis, inner, y.Pointer);
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                double sum = 0, bound = 0;
                for (int a = 0; a < axis; a++)
                {
                    double v = x.Span[(((o * axis) + a) * inner) + i];
                    sum += v;
                    bound += Math.Abs(v);
                }

                KernelAssert.Close(sum, y.Span[(o * inner) + i], 0, SumTolerance * bound, $"[{o}, {i}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MaxAndMin_AnyShape_GiveTheFirstExtreme(int outer, int axis, int inner)
    {
        if (axis == 0)
        {
            return;
        }

        using GuardedBuffer x = GuardedBuffer.Normal(outer * axis * inner, 1), y = new(outer * inner), argument = new(outer * inner);
        for (int i = 0; i < x.Length; i++)
        {
            // Few different values give many ties.
            x.Span[i] = i % 1009 == 5 ? float.NaN : MathF.Round(x.Span[i] * 2);
        }

        foreach (bool max in (bool[])[true, false])
        {
            if (max)
            {
                Reduction.Max(x.Pointer, outer, axis, inner, y.Pointer, argument.Integers);
            }
            else
            {
                Reduction.Min(x.Pointer, outer, axis, inner, y.Pointer, argument.Integers);
            }

            for (int o = 0; o < outer; o++)
            {
                for (int i = 0; i < inner; i++)
                {
                    int best = 0;
                    for (int a = 1; a < axis; a++)
                    {
                        float v = x.Span[(((o * axis) + a) * inner) + i], b = x.Span[(((o * axis) + best) * inner) + i];
                        best = !float.IsNaN(b) && (float.IsNaN(v) || (max ? v > b : v < b)) ? a : best;
                    }

                    Assert.Equal(best, argument.Integers[(o * inner) + i]);
                    Assert.Equal(x.Span[(((o * axis) + best) * inner) + i], y.Span[(o * inner) + i]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Broadcast_AnyShape_RepeatsOverTheAxis(int outer, int axis, int inner)
    {
        using GuardedBuffer dy = GuardedBuffer.Normal(outer * inner, 1), dx = GuardedBuffer.Normal(outer * axis * inner, 2), before = new(dx.Span);
        Reduction.Broadcast(dy.Pointer, outer, axis, inner, dx.Pointer, 0.5f, true);
        for (int k = 0; k < dx.Length; k++)
        {
            Assert.Equal(before.Span[k] + (0.5f * dy.Span[(k / (axis * inner) * inner) + (k % inner)]), dx.Span[k]);
        }

        Reduction.Broadcast(dy.Pointer, outer, axis, inner, dx.Pointer, 0.5f, false);
        for (int k = 0; k < dx.Length; k++)
        {
            Assert.Equal(0.5f * dy.Span[(k / (axis * inner) * inner) + (k % inner)], dx.Span[k]);
        }
    }

    [Fact]
    public void ScatterExtreme_SmallArray_PutsTheGradientAtTheArgument()
    {
        using GuardedBuffer dy = new([1f, 2, 3, 4]), argument = new([2, 0, 1, 1]), dx = new(12);
        Reduction.ScatterExtreme(dy.Pointer, argument.Integers, 2, 3, 2, dx.Pointer, false);
        Assert.Equal([0f, 2, 0, 0, 1, 0, 0, 0, 3, 4, 0, 0], dx.Span.ToArray());
        Reduction.ScatterExtreme(dy.Pointer, argument.Integers, 2, 3, 2, dx.Pointer, true);
        Assert.Equal([0f, 4, 0, 0, 2, 0, 0, 0, 6, 8, 0, 0], dx.Span.ToArray());
    }

    [Theory]
    [InlineData(1, 300_001, 1)]
    [InlineData(1, 20_001, 20)]
    [InlineData(500, 7, 33)]
    [InlineData(1, 50, 3000)]
    public void Sum_SeveralThreads_GivesTheSameBits(int outer, int axis, int inner) => KernelAssert.SameBits(() =>
    {
        using GuardedBuffer x = GuardedBuffer.Normal(outer * axis * inner, 1), y = new(outer * inner);
        Reduction.Sum(x.Pointer, outer, axis, inner, y.Pointer);
        return y.Span.ToArray();
    });
}
