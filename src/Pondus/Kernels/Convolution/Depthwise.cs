namespace Pondus.Kernels;

/// <summary>Convolutions in which every channel has filters of its own.</summary>
internal static unsafe class Depthwise
{
    /// <summary>Whether a convolution is of this kind, one filter a channel.</summary>
    public static bool Applies(in ConvGeometry g) => g.Groups == g.InChannels && g.OutChannels == g.InChannels;

    /// <summary>y = the convolution of x, plus a bias (unless null), optionally rectified.</summary>
    public static void Forward(in ConvGeometry g, float* x, float* w, float* bias, bool relu, float* y)
    {
        nint count = (nint)g.Batch * g.OutHeight * g.OutWidth;
        for (nint p = 0; p < count; p++)
        {
            for (int c = 0; c < g.OutChannels; c++)
            {
                y[(p * g.OutChannels) + c] = bias == null ? 0 : bias[c];
            }
        }

        Walk(in g, 0, x, w, y);
        for (nint i = 0; relu && i < count * g.OutChannels; i++)
        {
            y[i] = MathF.Max(0, y[i]);
        }
    }

    /// <summary>dx = (or +=) the gradient of the input.</summary>
    public static void BackwardData(in ConvGeometry g, float* dy, float* w, float* dx, bool add)
    {
        if (!add)
        {
            new Span<float>(dx, g.Batch * g.InHeight * g.InWidth * g.InChannels).Clear();
        }

        Walk(in g, 1, dx, w, dy);
    }

    /// <summary>dw = (or +=) the gradient of the weight, as the weight is stored.</summary>
    public static void BackwardWeight(in ConvGeometry g, float* x, float* dy, float* dw, bool add)
    {
        if (!add)
        {
            new Span<float>(dw, g.OutChannels * g.Taps).Clear();
        }

        Walk(in g, 2, x, dw, dy);
    }

    private static void Walk(in ConvGeometry g, int kind, float* x, float* w, float* y)
    {
        for (int n = 0; n < g.Batch; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    for (int tap = 0; tap < g.Taps; tap++)
                    {
                        int iy = (oy * g.StrideY) - g.PadTop + (tap / g.KernelWidth * g.DilationY);
                        int ix = (ox * g.StrideX) - g.PadLeft + (tap % g.KernelWidth * g.DilationX);
                        if ((uint)iy < (uint)g.InHeight && (uint)ix < (uint)g.InWidth)
                        {
                            float* from = x + (((((nint)n * g.InHeight) + iy) * g.InWidth) + ix) * g.InChannels;
                            float* to = y + (((((nint)n * g.OutHeight) + oy) * g.OutWidth) + ox) * g.OutChannels;
                            Add(kind, g.InChannels, g.Taps, from, w + tap, to);
                        }
                    }
                }
            }
        }
    }

    private static void Add(int kind, int channels, int taps, float* x, float* w, float* y)
    {
        for (int c = 0; c < channels; c++)
        {
            switch (kind)
            {
                case 0:
                    y[c] += x[c] * w[c * taps];
                    break;
                case 1:
                    x[c] += y[c] * w[c * taps];
                    break;
                default:
                    w[c * taps] += x[c] * y[c];
                    break;
            }
        }
    }
}
