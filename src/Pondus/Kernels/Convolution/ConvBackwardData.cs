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
        if (Depthwise.Applies(in g))
        {
            Depthwise.BackwardData(in g, dy, w, dx, add);
            return;
        }

        if (ConvForward.IsProduct(in g))
        {
            int places = g.Batch * g.OutHeight * g.OutWidth;
            Gemm.Multiply(places, g.InChannels, g.OutChannels, dy, g.OutChannels, false, w, g.InChannels, false, dx, g.InChannels, add);
            return;
        }

        int integers = ConvJob.IntegerCount(in g);
        int count = ConvPack.BackwardCount(in g);
        float* packed = Scratch.Operands(count + integers);
        ConvJob job = ConvJob.Backward(in g, (int*)(packed + count));
        ConvPack.Run(in job, backward: true, w, packed);
        job.Run(dy, packed, new ConvOutput { Add = add, Y = dx }, g.Work);
    }
}
