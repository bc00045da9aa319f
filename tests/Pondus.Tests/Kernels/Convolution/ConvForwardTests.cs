using Pondus.Kernels;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Kernels;

/// <summary>The convolution forwards and backwards against the plain loop in double precision.</summary>
[Collection("Pool")]
public sealed unsafe class ConvForwardTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Networks => new()
    {
        { 3, 16, 16, 32, 32, 3, 1, 1, 1, 1 },
        { 5, 32, 32, 16, 16, 3, 1, 1, 1, 1 },
        { 9, 64, 64, 8, 8, 3, 1, 1, 1, 1 },
        { 3, 3, 16, 32, 32, 3, 1, 1, 1, 1 },
        { 3, 16, 32, 32, 32, 3, 2, 1, 1, 1 },
        { 5, 16, 32, 32, 32, 1, 2, 0, 1, 1 },
        { 5, 24, 40, 9, 7, 1, 1, 0, 1, 1 },
        { 5, 24, 40, 9, 7, 1, 1, 1, 1, 1 },
        { 3, 1, 32, 28, 28, 3, 1, 1, 1, 1 },
        { 3, 32, 1, 28, 28, 3, 1, 1, 1, 1 },
        { 3, 128, 64, 7, 7, 3, 1, 1, 1, 1 },
        { 2, 12, 18, 11, 13, 3, 1, 2, 2, 1 },
        { 2, 12, 18, 11, 13, 3, 2, 1, 1, 3 },
        { 2, 8, 8, 11, 13, 5, 1, 2, 1, 4 },
        { 2, 20, 20, 9, 9, 3, 1, 1, 1, 20 },
        { 2, 20, 40, 9, 9, 3, 1, 1, 1, 20 },
        { 2, 4, 6, 3, 2, 7, 1, 3, 1, 1 },
        { 2, 4, 6, 5, 4, 3, 3, 3, 2, 2 },
        { 1, 3, 64, 40, 37, 7, 2, 3, 1, 1 },
        { 1, 70, 70, 5, 5, 3, 1, 0, 1, 1 },
        { 2, 6, 5, 6, 6, 3, 7, 1, 1, 1 },
        { 1, 400, 90, 4, 4, 3, 1, 1, 1, 1 },
    };

    [Fact]
    public void Run_SmallShapesOfEveryKind_MatchesDoublePrecision()
    {
        foreach (int inChannels in new[] { 1, 2, 3, 5, 8, 14, 16, 17, 33 })
        {
            foreach (int outChannels in new[] { 1, 2, 7, 8, 15, 16, 17, 31, 32, 40, 70 })
            {
                int kind = inChannels + (3 * outChannels);
                Check(ConvCase.Geometry(1 + (kind % 3), inChannels, outChannels, 3 + (kind % 5), 2 + (kind % 7), 1 + (kind % 3), 1 + (kind / 2 % 3), 1 + (kind / 3 % 3), kind / 5 % 3));
            }
        }
    }

    [Fact]
    public void Run_EveryWidthAndHeight_MatchesDoublePrecision()
    {
        for (int height = 1; height <= 9; height++)
        {
            for (int width = 1; width <= 19; width++)
            {
                Check(ConvCase.Geometry(1 + ((height + width) % 5), 3, 9, height, width, 3, 3, 1 + (width % 2), 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Run_ShapesOfNetworks_MatchesDoublePrecision(int batch, int inChannels, int outChannels, int height, int width, int kernel, int stride, int pad, int dilation, int groups) =>
        Check(ConvCase.Geometry(batch, inChannels, outChannels, height, width, kernel, kernel, stride, pad, dilation, groups));

    [Fact]
    public void Run_UnlikeAxes_MatchesDoublePrecision()
    {
        Check(ConvCase.Geometry(2, 6, 20, 1, 50, 1, 9, pad: 0));
        Check(ConvCase.Geometry(3, 6, 20, 12, 10, 2, 5) with { StrideY = 2, PadTop = 1, OutHeight = 7, PadLeft = 3, OutWidth = 9 });
        Check(ConvCase.Geometry(3, 6, 20, 12, 10, 4, 3) with { DilationY = 3, PadTop = 5, OutHeight = 13, PadLeft = 0, OutWidth = 4, StrideX = 2 });
        Check(ConvCase.Geometry(2, 3, 4, 3, 3, 2, 2) with { DilationX = 10, PadLeft = 5, OutWidth = 3 });
    }

    [Theory]
    [InlineData(40, 16, 16, 16, 3, 1)]
    [InlineData(10, 64, 64, 8, 3, 1)]
    [InlineData(40, 3, 16, 16, 3, 1)]
    [InlineData(1, 32, 64, 14, 3, 1)]
    [InlineData(20, 16, 32, 16, 1, 2)]
    [InlineData(7, 128, 130, 7, 3, 1)]
    [InlineData(7, 24, 130, 17, 3, 2)]
    public void Run_OnOneTwoAndFourThreads_GivesTheSameBits(int batch, int inChannels, int outChannels, int size, int kernel, int stride)
    {
        using ConvCase test = new(ConvCase.Geometry(batch, inChannels, outChannels, size, size, kernel, kernel, stride, kernel / 2));
        float[]? firstY = null, firstX = null;
        foreach (int threads in KernelAssert.ThreadCounts)
        {
            using PoolThreads scope = new(threads);
            float[] y = Forward(test, null, true, true), dx = Backward(test, null);
            firstY ??= y;
            firstX ??= dx;
            Assert.True(firstY.AsSpan().SequenceEqual(y), $"{test.G} with {threads} threads");
            Assert.True(firstX.AsSpan().SequenceEqual(dx), $"backwards {test.G} with {threads} threads");
        }
    }

    [Theory]
    [InlineData(3, 5, 7, 3, 1)]
    [InlineData(64, 64, 8, 3, 1)]
    [InlineData(16, 32, 9, 3, 2)]
    [InlineData(16, 32, 9, 1, 1)]
    public void Run_OneImageAlone_GivesTheBitsOfTheBatch(int inChannels, int outChannels, int size, int kernel, int stride)
    {
        using ConvCase test = new(ConvCase.Geometry(9, inChannels, outChannels, size, size, kernel, kernel, stride, kernel / 2));
        float[] y = Forward(test, null, true, false);
        ConvGeometry one = test.G with { Batch = 1 };
        int inputs = test.X.Length / 9, outputs = y.Length / 9;
        using GuardedBuffer alone = new(outputs);
        for (int n = 0; n < 9; n++)
        {
            ConvForward.Run(in one, test.X.Pointer + (n * inputs), test.W.Pointer, test.Bias.Pointer, false, alone.Pointer);
            Assert.True(y.AsSpan(n * outputs, outputs).SequenceEqual(alone.Span), $"image {n} of {test.G}");
        }
    }

    [Fact]
    public void Run_EmptyBatch_DoesNothing()
    {
        ConvGeometry g = ConvCase.Geometry(0, 3, 5, 4, 4, 3, 3, pad: 1);
        using GuardedBuffer none = new(0), w = GuardedBuffer.Uniform(135, 1, 1, 2);
        ConvForward.Run(in g, none.Pointer, w.Pointer, null, false, none.Pointer);
        ConvBackwardData.Run(in g, none.Pointer, w.Pointer, none.Pointer, false);
        Assert.Equal(0, none.Length);
    }

    [Fact]
    public void Run_Steady_AllocatesNothing()
    {
        foreach ((int inChannels, int outChannels) in new[] { (16, 16), (1, 32), (32, 1), (64, 64) })
        {
            using ConvCase test = new(ConvCase.Geometry(6, inChannels, outChannels, 8, 8, 3, 3, pad: 1));
            ConvGeometry g = test.G;

            // Which thread takes which piece is chance: working memory may still grow in the first calls, and then never again.
            long least = long.MaxValue;
            for (int call = 0; call < 10 && least > 0; call++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                ConvForward.Run(in g, test.X.Pointer, test.W.Pointer, null, false, test.Y.Pointer);
                ConvBackwardData.Run(in g, test.Y.Pointer, test.W.Pointer, test.X.Pointer, false);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }

    private static void Check(ConvGeometry geometry)
    {
        using ConvCase test = new(geometry);
        float[] y = test.Y.Span.ToArray(), x = test.X.Span.ToArray();
        float[] bias = [.. Enumerable.Range(0, y.Length).Select(i => test.Bias.Span[i % geometry.OutChannels])];
        test.Check("y", Forward(test, null, false, false), null, (xi, w, yi) => (yi, (double)test.X.Span[xi] * test.W.Span[w]));
        test.Check("y with bias and ReLU", Forward(test, null, true, true), bias, (xi, w, yi) => (yi, (double)test.X.Span[xi] * test.W.Span[w]), relu: true);
        test.Check("y added", Forward(test, y, false, false), y, (xi, w, yi) => (yi, (double)test.X.Span[xi] * test.W.Span[w]));
        test.Check("dx", Backward(test, null), null, (xi, w, yi) => (xi, (double)test.Y.Span[yi] * test.W.Span[w]));
        test.Check("dx added", Backward(test, x), x, (xi, w, yi) => (xi, (double)test.Y.Span[yi] * test.W.Span[w]));
    }

    // A result that only stores must not read what was there, which is filled with NaN.
    private static float[] Forward(ConvCase test, float[]? start, bool bias, bool relu)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer y = start == null ? new(test.Y.Length) : new GuardedBuffer(start);
        if (start == null)
        {
            y.Span.Fill(float.NaN);
        }

        ConvForward.Run(in g, test.X.Pointer, test.W.Pointer, bias ? test.Bias.Pointer : null, relu, y.Pointer, start != null);
        return y.Span.ToArray();
    }

    private static float[] Backward(ConvCase test, float[]? start)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer dx = start == null ? new(test.X.Length) : new GuardedBuffer(start);
        if (start == null)
        {
            dx.Span.Fill(float.NaN);
        }

        ConvBackwardData.Run(in g, test.Y.Pointer, test.W.Pointer, dx.Pointer, start != null);
        return dx.Span.ToArray();
    }
}
