namespace Pondus.Kernels;

/// <summary>The gradient of a convolution's input, which is also the forward pass of a transposed convolution.</summary>
internal static unsafe class ConvBackwardData
{
    /// <summary>dx = (or +=) the gradient of the input.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="dy">The gradient of its output.</param>
    /// <param name="w">The weight, as it is stored.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <param name="add">Whether dx is added to.</param>
    public static void Run(in ConvGeometry g, float* dy, float* w, float* dx, bool add)
    {
        int inputs = g.GroupInChannels, outputs = g.GroupOutChannels;
        if (!add)
        {
            new Span<float>(dx, g.Batch * g.InHeight * g.InWidth * g.InChannels).Clear();
        }

        for (int n = 0; n < g.Batch; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    float* from = dy + (((((nint)n * g.OutHeight) + oy) * g.OutWidth) + ox) * g.OutChannels;
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            int iy = (oy * g.StrideY) - g.PadTop + (ky * g.DilationY), ix = (ox * g.StrideX) - g.PadLeft + (kx * g.DilationX);
                            if ((uint)iy >= (uint)g.InHeight || (uint)ix >= (uint)g.InWidth)
                            {
                                continue;
                            }

                            for (int o = 0; o < g.OutChannels; o++)
                            {
                                float* to = dx + ((((((nint)n * g.InHeight) + iy) * g.InWidth) + ix) * g.InChannels) + (o / outputs * inputs);
                                float* filter = w + ((nint)o * inputs * g.Taps) + (ky * g.KernelWidth) + kx;
                                for (int i = 0; i < inputs; i++)
                                {
                                    to[i] += from[o] * filter[i * g.Taps];
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
