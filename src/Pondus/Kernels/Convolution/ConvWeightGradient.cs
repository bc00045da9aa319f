namespace Pondus.Kernels;

/// <summary>The gradient of a convolution's weight: each tap's sum over all pixels of dy times x.</summary>
internal static unsafe class ConvWeightGradient
{
    /// <summary>dw = (or +=) the gradient of the weight, as the weight is stored.</summary>
    public static void Run(in ConvGeometry g, float* x, float* dy, float* dw, bool add)
    {
        int inPart = g.GroupInChannels, outPart = g.GroupOutChannels;
        for (int o = 0; o < g.OutChannels; o++)
        {
            int group = o / outPart;
            for (int i = 0; i < inPart; i++)
            {
                for (int ky = 0; ky < g.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < g.KernelWidth; kx++, dw++)
                    {
                        float value = (float)Tap(in g, x + (group * inPart) + i, dy + o, ky, kx);
                        *dw = add ? *dw + value : value;
                    }
                }
            }
        }
    }

    private static double Tap(in ConvGeometry g, float* x, float* dy, int ky, int kx)
    {
        double sum = 0;
        for (int n = 0; n < g.Batch; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                int iy = (oy * g.StrideY) - g.PadTop + (ky * g.DilationY);
                if ((uint)iy >= (uint)g.InHeight)
                {
                    continue;
                }

                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    int ix = (ox * g.StrideX) - g.PadLeft + (kx * g.DilationX);
                    if ((uint)ix < (uint)g.InWidth)
                    {
                        nint from = ((((nint)n * g.InHeight) + iy) * g.InWidth) + ix, to = ((((nint)n * g.OutHeight) + oy) * g.OutWidth) + ox;
                        sum += (double)x[from * g.InChannels] * dy[to * g.OutChannels];
                    }
                }
            }
        }

        return sum;
    }
}
