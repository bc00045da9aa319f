using Pondus.Kernels;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Kernels;

[Collection("Pool")]
public sealed unsafe class DepthwiseTests
{
    [Fact]
    public void Applies_OneFilterAChannel_Only()
    {
        Assert.True(Depthwise.Applies(ConvCase.Geometry(1, 8, 8, 4, 4, 3, 3, groups: 8)));
        Assert.False(Depthwise.Applies(ConvCase.Geometry(1, 8, 8, 4, 4, 3, 3, groups: 4)));
        Assert.False(Depthwise.Applies(ConvCase.Geometry(1, 8, 8, 4, 4, 3, 3)));
    }

    [Fact]
    public void AllPasses_EveryChannelTail_MatchDoublePrecision()
    {
        for (int channels = 1; channels <= 70; channels += channels < 36 ? 1 : 7)
        {
            Check(ConvCase.Geometry(2, channels, channels, 5, 6, 3, 3, 1 + (channels % 2), 1, groups: channels));
        }
    }

    [Fact]
    public void AllPasses_EveryWidth_MatchDoublePrecision()
    {
        for (int width = 1; width <= 20; width++)
        {
            foreach (int kernel in new[] { 1, 3, 5 })
            {
                foreach (int stride in new[] { 1, 2, 3 })
                {
                    Check(ConvCase.Geometry(1, 18, 18, 6, width, kernel, kernel, stride, kernel / 2, groups: 18));
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 32, 14, 14, 3, 1, 1, 1)]
    [InlineData(3, 96, 14, 14, 3, 2, 1, 1)]
    [InlineData(2, 40, 15, 13, 5, 1, 2, 1)]
    [InlineData(2, 40, 15, 13, 5, 2, 2, 1)]
    [InlineData(2, 20, 15, 13, 3, 1, 2, 2)]
    [InlineData(2, 20, 15, 13, 3, 2, 3, 3)]
    [InlineData(2, 20, 15, 13, 4, 1, 0, 1)]
    [InlineData(2, 20, 3, 2, 7, 1, 3, 1)]
    [InlineData(2, 20, 9, 9, 2, 2, 0, 1)]
    [InlineData(2, 20, 9, 9, 3, 4, 0, 1)]
    public void AllPasses_ManyShapes_MatchDoublePrecision(int batch, int channels, int height, int width, int kernel, int stride, int pad, int dilation) =>
        Check(ConvCase.Geometry(batch, channels, channels, height, width, kernel, kernel, stride, pad, dilation, channels));

    [Fact]
    public void AllPasses_UnlikeAxes_MatchDoublePrecision()
    {
        Check(ConvCase.Geometry(2, 19, 19, 1, 50, 1, 9, groups: 19));
        Check(ConvCase.Geometry(1, 3, 3, 1, 900, 1, 401, stride: 2, groups: 3));
        Check(ConvCase.Geometry(3, 19, 19, 12, 10, 2, 5, groups: 19) with { StrideY = 2, PadTop = 1, OutHeight = 7, PadLeft = 3, OutWidth = 9 });
        Check(ConvCase.Geometry(3, 19, 19, 12, 10, 4, 3, groups: 19) with { DilationY = 3, PadTop = 5, OutHeight = 13, PadLeft = 0, OutWidth = 4, StrideX = 2 });
    }

    [Theory]
    [InlineData(20, 64, 28, 3, 1)]
    [InlineData(20, 64, 28, 5, 2)]
    [InlineData(3, 7, 9, 3, 1)]
    public void AllPasses_OnOneTwoAndFourThreads_GiveTheSameBits(int batch, int channels, int size, int kernel, int stride)
    {
        using ConvCase test = new(ConvCase.Geometry(batch, channels, channels, size, size, kernel, kernel, stride, kernel / 2, groups: channels));
        float[]? first = null;
        foreach (int threads in KernelAssert.ThreadCounts)
        {
            using PoolThreads scope = new(threads);
            float[] all = [.. Forward(test, true, true), .. BackwardData(test, null), .. BackwardWeight(test, null)];
            first ??= all;
            Assert.True(first.AsSpan().SequenceEqual(all), $"{test.G} with {threads} threads");
        }
    }

    private static void Check(ConvGeometry geometry)
    {
        using ConvCase test = new(geometry);
        float[] bias = new float[test.Y.Length];
        for (int i = 0; i < bias.Length; i++)
        {
            bias[i] = test.Bias.Span[i % test.G.OutChannels];
        }

        float[] dx = test.X.Span.ToArray(), dw = test.W.Span.ToArray();
        test.Check("y", Forward(test, false, false), null, (x, w, y) => (y, (double)test.X.Span[x] * test.W.Span[w]));
        test.Check("y, bias, relu", Forward(test, true, true), bias, (x, w, y) => (y, (double)test.X.Span[x] * test.W.Span[w]), relu: true);
        test.Check("dx", BackwardData(test, null), null, (x, w, y) => (x, (double)test.Y.Span[y] * test.W.Span[w]));
        test.Check("dx added", BackwardData(test, dx), dx, (x, w, y) => (x, (double)test.Y.Span[y] * test.W.Span[w]));
        test.Check("dw", BackwardWeight(test, null), null, (x, w, y) => (w, (double)test.X.Span[x] * test.Y.Span[y]));
        test.Check("dw added", BackwardWeight(test, dw), dw, (x, w, y) => (w, (double)test.X.Span[x] * test.Y.Span[y]));
    }

    private static float[] Forward(ConvCase test, bool bias, bool relu)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer y = Result(test.Y.Length, null);
        Depthwise.Forward(in g, test.X.Pointer, test.W.Pointer, bias ? test.Bias.Pointer : null, relu, y.Pointer);
        return y.Span.ToArray();
    }

    private static float[] BackwardData(ConvCase test, float[]? start)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer dx = Result(test.X.Length, start);
        Depthwise.BackwardData(in g, test.Y.Pointer, test.W.Pointer, dx.Pointer, start != null);
        return dx.Span.ToArray();
    }

    private static float[] BackwardWeight(ConvCase test, float[]? start)
    {
        ConvGeometry g = test.G;
        using GuardedBuffer dw = Result(test.W.Length, start);
        Depthwise.BackwardWeight(in g, test.X.Pointer, test.Y.Pointer, dw.Pointer, start != null);
        return dw.Span.ToArray();
    }

    // A result that only stores must not read what was there.
    private static GuardedBuffer Result(int length, float[]? start)
    {
        GuardedBuffer buffer = start == null ? new(length) : new GuardedBuffer(start);
        if (start == null)
        {
            buffer.Span.Fill(float.NaN);
        }

        return buffer;
    }
}
