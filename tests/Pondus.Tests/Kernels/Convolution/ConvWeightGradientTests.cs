using Pondus.Kernels;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Kernels;

[Collection("Pool")]
public sealed unsafe class ConvWeightGradientTests
{
    [Fact]
    public void Run_SmallShapesOfEveryKind_MatchesDoublePrecision()
    {
        foreach (int inChannels in new[] { 1, 2, 3, 5, 8, 14, 16, 17, 33 })
        {
            foreach (int outChannels in new[] { 1, 2, 7, 8, 15, 16, 17, 31, 32, 40, 70 })
            {
                int kind = inChannels + (3 * outChannels);
                Check(ConvCase.Geometry(1 + (kind % 3), inChannels, outChannels, 3 + (kind % 5), 2 + (kind % 7), 1 + (kind % 3), 1 + (kind / 2 % 3), 1 + (kind / 3 % 2), 1 + (kind / 5 % 2)));
            }
        }
    }

    [Theory]
    [InlineData(3, 16, 16, 32, 32, 3, 1, 1, 1, 1)]
    [InlineData(5, 32, 32, 16, 16, 3, 1, 1, 1, 1)]
    [InlineData(9, 64, 64, 8, 8, 3, 1, 1, 1, 1)]
    [InlineData(3, 3, 16, 32, 32, 3, 1, 1, 1, 1)]
    [InlineData(3, 16, 32, 32, 32, 3, 2, 1, 1, 1)]
    [InlineData(5, 16, 32, 32, 32, 1, 2, 0, 1, 1)]
    [InlineData(5, 24, 40, 9, 7, 1, 1, 0, 1, 1)]
    [InlineData(3, 1, 32, 28, 28, 3, 1, 1, 1, 1)]
    [InlineData(3, 32, 1, 28, 28, 3, 1, 1, 1, 1)]
    [InlineData(3, 128, 64, 7, 7, 3, 1, 1, 1, 1)]
    [InlineData(3, 64, 3, 7, 7, 3, 1, 1, 1, 1)]
    [InlineData(3, 30, 4, 7, 7, 3, 1, 1, 1, 1)]
    [InlineData(3, 29, 4, 7, 7, 3, 1, 1, 1, 1)]
    [InlineData(3, 27, 2, 7, 7, 3, 1, 1, 1, 1)]
    [InlineData(2, 12, 18, 11, 13, 3, 1, 2, 2, 1)]
    [InlineData(2, 12, 18, 11, 13, 3, 2, 1, 1, 3)]
    [InlineData(2, 8, 8, 11, 13, 5, 1, 2, 1, 4)]
    [InlineData(2, 20, 20, 9, 9, 3, 1, 1, 1, 20)]
    [InlineData(2, 4, 6, 3, 2, 7, 1, 3, 1, 1)]
    [InlineData(2, 4, 6, 5, 4, 3, 3, 3, 2, 2)]
    [InlineData(1, 3, 64, 40, 37, 7, 2, 3, 1, 1)]
    public void Run_ShapesOfNetworks_MatchesDoublePrecision(int batch, int inChannels, int outChannels, int height, int width, int kernel, int stride, int pad, int dilation, int groups) =>
        Check(ConvCase.Geometry(batch, inChannels, outChannels, height, width, kernel, kernel, stride, pad, dilation, groups));

    [Theory]
    [InlineData(1, 2, 5, 96, 50)]
    [InlineData(3, 2, 5, 64, 64)]
    [InlineData(20, 2, 5, 32, 32)]
    [InlineData(20, 3, 1, 32, 32)]
    [InlineData(1, 24, 8, 64, 64)]
    public void Run_PartsOfRowsOrImages_MatchesDoublePrecision(int batch, int inChannels, int outChannels, int height, int width) =>
        Check(ConvCase.Geometry(batch, inChannels, outChannels, height, width, 3, 3, pad: 1));

    [Fact]
    public void Run_UnlikeAxes_MatchesDoublePrecision()
    {
        Check(ConvCase.Geometry(2, 6, 20, 1, 50, 1, 9, pad: 0));
        Check(ConvCase.Geometry(3, 6, 20, 12, 10, 2, 5) with { StrideY = 2, PadTop = 1, OutHeight = 7, PadLeft = 3, OutWidth = 9 });
        Check(ConvCase.Geometry(3, 6, 20, 12, 10, 4, 3) with { DilationY = 3, PadTop = 5, OutHeight = 13, PadLeft = 0, OutWidth = 4, StrideX = 2 });
    }

    [Fact]
    public void Run_EmptyBatch_GivesZeroOrLeavesTheSum()
    {
        ConvGeometry g = ConvCase.Geometry(0, 3, 5, 4, 4, 3, 3, pad: 1);
        using GuardedBuffer none = new(0), dw = GuardedBuffer.Uniform(135, 1, 1, 2);
        float[] before = dw.Span.ToArray();
        ConvWeightGradient.Run(in g, none.Pointer, none.Pointer, dw.Pointer, true);
        Assert.Equal(before, dw.Span.ToArray());
        ConvWeightGradient.Run(in g, none.Pointer, none.Pointer, dw.Pointer, false);
        Assert.Equal(new float[135], dw.Span.ToArray());
    }

    [Theory]
    [InlineData(40, 16, 16, 16, 3, 1)]
    [InlineData(10, 64, 64, 8, 3, 1)]
    [InlineData(40, 3, 16, 16, 3, 1)]
    [InlineData(20, 16, 1, 28, 3, 1)]
    [InlineData(20, 1, 32, 28, 5, 1)]
    [InlineData(20, 16, 32, 16, 1, 2)]
    [InlineData(7, 128, 130, 7, 3, 1)]
    public void Run_OnOneTwoAndFourThreads_GivesTheSameBits(int batch, int inChannels, int outChannels, int size, int kernel, int stride)
    {
        using ConvCase test = new(ConvCase.Geometry(batch, inChannels, outChannels, size, size, kernel, kernel, stride, kernel / 2));
        float[]? first = null;
        foreach (int threads in KernelAssert.ThreadCounts)
        {
            using PoolThreads scope = new(threads);
            float[] dw = Run(test, null);
            first ??= dw;
            Assert.True(first.AsSpan().SequenceEqual(dw), $"{test.G} with {threads} threads");
        }
    }

    [Fact]
    public void Run_Steady_AllocatesNothing()
    {
        foreach ((int inChannels, int outChannels) in new[] { (16, 16), (1, 32), (32, 1), (64, 64) })
        {
            using ConvCase test = new(ConvCase.Geometry(6, inChannels, outChannels, 8, 8, 3, 3, pad: 1));
            ConvGeometry g = test.G;
            using GuardedBuffer dw = new(test.W.Length);

            // Which thread takes which piece is chance: working memory may still grow in the first calls, and then never again.
            long least = long.MaxValue;
            for (int call = 0; call < 10 && least > 0; call++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                ConvWeightGradient.Run(in g, test.X.Pointer, test.Y.Pointer, dw.Pointer, false);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }

    private static void Check(ConvGeometry geometry)
    {
        using ConvCase test = new(geometry);
        float[] start = test.W.Span.ToArray();
        test.Check("dw", Run(test, null), null, (x, w, y) => (w, (double)test.X.Span[x] * test.Y.Span[y]));
        test.Check("dw added", Run(test, start), start, (x, w, y) => (w, (double)test.X.Span[x] * test.Y.Span[y]));
    }

    // A result that only stores must not read what was there, which the guarded buffer fills with NaN.
    private static float[] Run(ConvCase test, float[]? start)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer dw = start == null ? new(test.W.Length) : new GuardedBuffer(start);
        if (start == null)
        {
            dw.Span.Fill(float.NaN);
        }

        ConvWeightGradient.Run(in g, test.X.Pointer, test.Y.Pointer, dw.Pointer, start != null);
        return dw.Span.ToArray();
    }
}
