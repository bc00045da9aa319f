namespace Pondus.Kernels;

/// <summary>The convolution: for each place the sum over its taps of weight times x.</summary>
internal static unsafe class ConvForward
{
    /// <summary>y = (or +=) the convolution of x, optionally plus a bias, optionally rectified.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="x">Its input.</param>
    /// <param name="w">The weight, as it is stored.</param>
    /// <param name="bias">One value for each output channel, or null.</param>
    /// <param name="relu">Whether the result is rectified.</param>
    /// <param name="y">Receives the output.</param>
    /// <param name="add">Whether y is added to.</param>
    public static void Run(in ConvGeometry g, float* x, float* w, float* bias, bool relu, float* y, bool add = false)
    {
        int inputs = g.GroupInChannels, outputs = g.GroupOutChannels;
        for (int n = 0; n < g.Batch; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    float* to = y + (((((nint)n * g.OutHeight) + oy) * g.OutWidth) + ox) * g.OutChannels;
                    for (int o = 0; o < g.OutChannels; o++)
                    {
                        float sum = (add ? to[o] : 0f) + (bias == null ? 0f : bias[o]);
                        float* filter = w + ((nint)o * inputs * g.Taps);
                        for (int ky = 0; ky < g.KernelHeight; ky++)
                        {
                            for (int kx = 0; kx < g.KernelWidth; kx++)
                            {
                                int iy = (oy * g.StrideY) - g.PadTop + (ky * g.DilationY), ix = (ox * g.StrideX) - g.PadLeft + (kx * g.DilationX);
                                if ((uint)iy >= (uint)g.InHeight || (uint)ix >= (uint)g.InWidth)
                                {
                                    continue;
                                }

                                float* from = x + ((((((nint)n * g.InHeight) + iy) * g.InWidth) + ix) * g.InChannels) + (o / outputs * inputs);
                                for (int i = 0; i < inputs; i++)
                                {
                                    sum += from[i] * filter[(i * g.Taps) + (ky * g.KernelWidth) + kx];
                                }
                            }
                        }

                        to[o] = relu ? Math.Max(0f, sum) : sum;
                    }
                }
            }
        }
    }
}
