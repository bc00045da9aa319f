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
    /// <param name="add">Whether y is added to; then there is no ReLU.</param>
    public static void Run(in ConvGeometry g, float* x, float* w, float* bias, bool relu, float* y, bool add = false)
    {
        if (!add && Depthwise.Applies(in g))
        {
            Depthwise.Forward(in g, x, w, bias, relu, y);
            return;
        }

        if (IsProduct(in g))
        {
            int places = g.Batch * g.OutHeight * g.OutWidth;
            Gemm.Multiply(places, g.OutChannels, g.InChannels, x, g.InChannels, false, w, g.InChannels, true, y, g.OutChannels, add, bias, relu ? Activation.Relu : Activation.None);
            return;
        }

        RunTiles(in g, x, w, new ConvOutput { Bias = bias, Relu = relu, Add = add, Y = y });
    }

    /// <summary>Whether the layer's convolutions run in tiles, which can pool and whose weights can be packed once.</summary>
    public static bool RunsInTiles(in ConvGeometry g) => !Depthwise.Applies(in g) && !IsProduct(in g);

    /// <summary>The convolution in tiles.</summary>
    public static void RunTiles(in ConvGeometry g, float* x, float* w, in ConvOutput output)
    {
        int count = PackedCount(in g);
        float* packed = Scratch.Operands(count + ConvJob.IntegerCount(in g));
        ConvJob job = ConvJob.Forward(in g, (int*)(packed + count));
        ConvPack.Run(in job, backward: false, w, packed);
        job.Run(x, packed, in output, g.Work);
    }

    /// <summary>Floats that <see cref="Pack"/> writes.</summary>
    public static int PackedCount(in ConvGeometry g) => ConvPack.ForwardCount(in g);

    /// <summary>Lays the weights out for the kernel once.</summary>
    public static void Pack(in ConvGeometry g, float* w, float* packed)
    {
        ConvJob job = ConvJob.Forward(in g, (int*)Scratch.Operands(ConvJob.IntegerCount(in g)));
        ConvPack.Run(in job, backward: false, w, packed);
    }

    /// <summary>The convolution in tiles with packed weights; the same bits.</summary>
    public static void RunPacked(in ConvGeometry g, float* x, float* packed, in ConvOutput output)
    {
        ConvJob job = ConvJob.Forward(in g, (int*)Scratch.Operands(ConvJob.IntegerCount(in g)));
        job.Run(x, packed, in output, g.Work);
    }

    /// <summary>Whether the convolution is a matrix product of the places with the weight.</summary>
    public static bool IsProduct(in ConvGeometry g) =>
        g is { KernelHeight: 1, KernelWidth: 1, StrideY: 1, StrideX: 1, PadTop: 0, PadLeft: 0, Groups: 1 } && g.OutHeight == g.InHeight && g.OutWidth == g.InWidth;
}
