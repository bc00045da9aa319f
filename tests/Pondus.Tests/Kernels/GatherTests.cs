using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class GatherTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = new() { { 20, 5000 }, { 784, 300 }, { 200, 1000 }, { 5, 0 } };
            for (int width = 1; width < 68; width++)
            {
                shapes.Add(width, 23);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_RandomIndices_CopiesThoseRows(int width, int count)
    {
        int[] indices = Indices(count);
        using GuardedBuffer source = GuardedBuffer.Normal(width * 100, 1), destination = new(width * count), at = new(indices);
        Gather.Rows(source.Pointer, width, at.Integers, count, destination.Pointer);
        for (int i = 0; i < width * count; i++)
        {
            Assert.Equal(source.Span[(indices[i / width] * width) + (i % width)], destination.Span[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddRows_RepeatedIndices_AddsInOrder(int width, int count)
    {
        int[] indices = Indices(count);
        using GuardedBuffer source = GuardedBuffer.Normal(width * count, 1), destination = GuardedBuffer.Normal(width * 100, 2), expected = new(destination.Span), at = new(indices);
        Gather.AddRows(source.Pointer, width, at.Integers, count, destination.Pointer);
        for (int i = 0; i < width * count; i++)
        {
            expected.Span[(indices[i / width] * width) + (i % width)] += source.Span[i];
        }

        Assert.True(expected.Span.SequenceEqual(destination.Span));
    }

    [Fact]
    public void RowsAndAddRows_SeveralThreads_GiveTheSameBits() => KernelAssert.SameBits(() =>
    {
        using GuardedBuffer source = GuardedBuffer.Normal(130 * 1000, 1), rows = new(130 * 1000), sums = GuardedBuffer.Normal(130 * 100, 2), at = new(Indices(1000));
        Gather.Rows(source.Pointer, 130, at.Integers, 1000, rows.Pointer);
        Gather.AddRows(source.Pointer, 130, at.Integers, 1000, sums.Pointer);
        return [.. rows.Span, .. sums.Span];
    });

    private static int[] Indices(int count)
    {
        RandomSource random = new(9);
        int[] indices = new int[count];
        for (int i = 0; i < count; i++)
        {
            indices[i] = random.NextInt32(100);
        }

        return indices;
    }
}
