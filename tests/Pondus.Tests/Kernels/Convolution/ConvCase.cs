using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

/// <summary>One convolution with its operands between guard zones, and its sums in double precision by the plain loop.</summary>
internal sealed unsafe class ConvCase : IDisposable
{
    private const ulong Seed = 11;

    public ConvCase(ConvGeometry geometry)
    {
        G = geometry;
        X = GuardedBuffer.Uniform(Count(G.InHeight, G.InWidth, G.InChannels), Seed, -1, 1);
        W = GuardedBuffer.Uniform(G.OutChannels * G.GroupInChannels * G.Taps, Seed + 1, -1, 1);
        Y = GuardedBuffer.Uniform(Count(G.OutHeight, G.OutWidth, G.OutChannels), Seed + 2, -1, 1);
        Bias = GuardedBuffer.Uniform(G.OutChannels, Seed + 3, -1, 1);
    }

    public ConvGeometry G { get; }

    public GuardedBuffer X { get; }

    public GuardedBuffer W { get; }

    public GuardedBuffer Y { get; }

    public GuardedBuffer Bias { get; }

    /// <summary>A geometry whose output follows from the sizes and the padding on every side.</summary>
    public static ConvGeometry Geometry(int batch, int inChannels, int outChannels, int height, int width, int kernelHeight, int kernelWidth, int stride = 1, int pad = 0, int dilation = 1, int groups = 1) => new()
    {
        Batch = batch,
        InChannels = inChannels,
        InHeight = height,
        InWidth = width,
        OutChannels = outChannels,
        OutHeight = ((height + (2 * pad) - ((kernelHeight - 1) * dilation) - 1) / stride) + 1,
        OutWidth = ((width + (2 * pad) - ((kernelWidth - 1) * dilation) - 1) / stride) + 1,
        KernelHeight = kernelHeight,
        KernelWidth = kernelWidth,
        StrideY = stride,
        StrideX = stride,
        PadTop = pad,
        PadLeft = pad,
        DilationY = dilation,
        DilationX = dilation,
        Groups = groups,
    };

    /// <summary>Visits every product of the convolution: index in x, in w and in y.</summary>
    public void Visit(Action<int, int, int> product)
    {
        for (int n = 0; n < G.Batch; n++)
        {
            for (int oy = 0; oy < G.OutHeight; oy++)
            {
                for (int ox = 0; ox < G.OutWidth; ox++)
                {
                    for (int ky = 0; ky < G.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < G.KernelWidth; kx++)
                        {
                            int iy = (oy * G.StrideY) - G.PadTop + (ky * G.DilationY), ix = (ox * G.StrideX) - G.PadLeft + (kx * G.DilationX);
                            if (iy >= 0 && iy < G.InHeight && ix >= 0 && ix < G.InWidth)
                            {
                                VisitChannels(product, (((n * G.InHeight) + iy) * G.InWidth) + ix, (ky * G.KernelWidth) + kx, (((n * G.OutHeight) + oy) * G.OutWidth) + ox);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Compares a result with sums and bounds in double precision; term says which of the three indices is summed into.</summary>
    public void Check(string what, ReadOnlySpan<float> result, float[]? start, Func<int, int, int, (int Into, double Term)> term, bool relu = false)
    {
        double[] sums = new double[result.Length], sizes = new double[result.Length], counts = new double[result.Length];
        for (int i = 0; start != null && i < sums.Length; i++)
        {
            sums[i] = start[i];
            sizes[i] = Math.Abs(start[i]);
        }

        Visit((x, w, y) =>
        {
            (int into, double value) = term(x, w, y);
            sums[into] += value;
            sizes[into] += Math.Abs(value);
            counts[into]++;
        });
        for (int i = 0; i < sums.Length; i++)
        {
            // At most two roundings a term, each at most half a unit of 2^-23 of a partial sum.
            double expected = relu ? Math.Max(0, sums[i]) : sums[i], bound = ((2 * counts[i]) + 4) * Math.ScaleB(1, -24) * sizes[i];
            if (!(Math.Abs(result[i] - expected) <= bound))
            {
                Assert.Fail($"{what} of {G}: value {i} is {result[i]:R}, expected {expected:R} within {bound:R}");
            }
        }
    }

    public void Dispose()
    {
        X.Dispose();
        W.Dispose();
        Y.Dispose();
        Bias.Dispose();
    }

    private void VisitChannels(Action<int, int, int> product, int from, int tap, int to)
    {
        for (int o = 0; o < G.OutChannels; o++)
        {
            int group = o / G.GroupOutChannels;
            for (int i = 0; i < G.GroupInChannels; i++)
            {
                product((from * G.InChannels) + (group * G.GroupInChannels) + i, (((o * G.GroupInChannels) + i) * G.Taps) + tap, (to * G.OutChannels) + o);
            }
        }
    }

    private int Count(int height, int width, int channels) => G.Batch * height * width * channels;
}
