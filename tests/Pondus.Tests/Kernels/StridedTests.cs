using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class StridedTests
{
    // Shapes and strides of views into memory of 60,000 floats.
    public static TheoryData<int[], int[]> Views => new()
    {
        { [], [] },
        { [0, 5], [5, 1] },
        { [1], [1] },
        { [67], [1] },
        { [67], [3] },
        { [50], [0] },
        { [7, 9], [9, 1] },
        { [7, 9], [1, 7] },
        { [200, 130], [1, 200] },
        { [130, 200], [1, 131] },
        { [64, 64], [1, 64] },
        { [16, 8], [1, 20] },
        { [5, 6, 7], [42, 7, 1] },
        { [5, 6, 7], [1, 5, 30] },
        { [7, 5, 6], [1, 42, 7] },
        { [6, 5, 7], [7, 42, 1] },
        { [4, 8, 10, 6], [480, 6, 48, 1] },
        { [4, 10, 6, 8], [480, 48, 8, 1] },
        { [3, 1, 20, 17], [340, 0, 1, 20] },
        { [4, 6], [0, 1] },
        { [4, 6], [1, 0] },
        { [3, 4, 5], [4, 1, 0] },
        { [3, 4, 5], [0, 0, 1] },
        { [10, 12], [60, 2] },
        { [10, 12], [60, 5] },
        { [3, 4, 5, 2, 3], [1, 3, 12, 60, 120] },
        { [40, 50, 30], [30, 1200, 1] },
        { [40, 50, 30], [1, 40, 2000] },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void Copy_AnyView_ReadsItsElementsInOrder(int[] shape, int[] strides)
    {
        int size = shape.Aggregate(1, (product, length) => product * length);
        nint[] steps = [.. strides.Select(stride => (nint)stride)];
        using GuardedBuffer source = GuardedBuffer.Normal(60_000, 1), copy = new(size), sum = GuardedBuffer.Normal(size, 2), before = new(sum.Span);
        Strided.Copy(source.Pointer, shape, steps, copy.Pointer, false);
        Strided.Copy(source.Pointer, shape, steps, sum.Pointer, true);
        for (int i = 0; i < size; i++)
        {
            float v = source.Span[Offset(i, shape, strides)];
            Assert.Equal(v, copy.Span[i]);
            Assert.Equal(before.Span[i] + v, sum.Span[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Scatter_AnyView_WritesItsElementsInOrder(int[] shape, int[] strides)
    {
        int size = shape.Aggregate(1, (product, length) => product * length);
        nint[] steps = [.. strides.Select(stride => (nint)stride)];
        using GuardedBuffer source = new(size), target = GuardedBuffer.Normal(60_000, 2), expected = new(target.Span);
        for (int i = 0; i < size; i++)
        {
            source.Span[i] = i % 17;
        }

        if (!strides.Where((stride, d) => stride == 0 && shape[d] > 1).Any())
        {
            Strided.Scatter(source.Pointer, shape, steps, target.Pointer, false);
            for (int i = 0; i < size; i++)
            {
                expected.Span[Offset(i, shape, strides)] = source.Span[i];
            }

            Assert.True(expected.Span.SequenceEqual(target.Span));
        }

        Strided.Scatter(source.Pointer, shape, steps, target.Pointer, true);
        for (int i = 0; i < size; i++)
        {
            expected.Span[Offset(i, shape, strides)] += source.Span[i];
        }

        for (int i = 0; i < target.Length; i++)
        {
            Assert.Equal(expected.Span[i], target.Span[i], 1e-4f);
        }
    }

    [Fact]
    public void Copy_TooManyAxes_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Strided.Copy(null, new int[17], new nint[17], null, false));
        Assert.Contains("at most 16 axes, got 17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_SeveralThreads_GivesTheSameBits() => KernelAssert.SameBits(() =>
    {
        using GuardedBuffer source = GuardedBuffer.Normal(300 * 400, 1), copy = new(300 * 400);
        Strided.Copy(source.Pointer, [400, 300], [1, 400], copy.Pointer, false);
        return copy.Span.ToArray();
    });

    private static int Offset(int index, int[] shape, int[] strides)
    {
        int offset = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            offset += index % shape[d] * strides[d];
            index /= shape[d];
        }

        return offset;
    }
}
