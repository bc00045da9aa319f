namespace Pondus.Kernels;

/// <summary>Convolutions in which every channel has one filter of its own.</summary>
/// <remarks>Each pass visits the places of a target (y; or dx) in tiles that see the same taps of a source (x; or dy).</remarks>
internal static unsafe class Depthwise
{
    // Sums of at least so many places; the memory of all parts stays in the second-level cache.
    private const int PartPlaces = 256;
    private const int MostParts = 32;
    private const int PartialFloats = 1 << 18;

    /// <summary>Whether a convolution is of this kind.</summary>
    public static bool Applies(in ConvGeometry g) => g.Groups == g.InChannels && g.OutChannels == g.InChannels;

    /// <summary>y = the convolution of x, plus a bias (unless null), optionally rectified.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="x">Input.</param>
    /// <param name="w">Weight as it is stored.</param>
    /// <param name="bias">A value for each channel, or null.</param>
    /// <param name="relu">Whether what is below 0 becomes 0.</param>
    /// <param name="y">Receives the output.</param>
    public static void Forward(in ConvGeometry g, float* x, float* w, float* bias, bool relu, float* y)
    {
        DepthwiseKernel kernel = Prepare(in g, false, x, y, ByTaps(in g, w));
        kernel.Start = bias;
        kernel.Relu = relu;
        Launch.Chunks(kernel, kernel.RowCount, kernel.Grain);
    }

    /// <summary>dx = (or +=) the gradient of the input.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="w">Weight as it is stored.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <param name="add">Whether dx is added to.</param>
    public static void BackwardData(in ConvGeometry g, float* dy, float* w, float* dx, bool add)
    {
        DepthwiseKernel kernel = Prepare(in g, true, dy, dx, ByTaps(in g, w));
        kernel.Add = add;
        Launch.Chunks(kernel, kernel.RowCount, kernel.Grain);
    }

    /// <summary>dw = (or +=) the gradient of the weight.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="x">Input.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dw">Receives the gradient, as the weight is stored.</param>
    /// <param name="add">Whether dw is added to.</param>
    public static void BackwardWeight(in ConvGeometry g, float* x, float* dy, float* dw, bool add)
    {
        DepthwiseKernel kernel = Prepare(in g, false, x, dy, null);
        nint size = (nint)g.Taps * g.InChannels;
        long parts = Math.Clamp(Math.Min(kernel.RowCount * g.OutWidth / PartPlaces, PartialFloats / Math.Max(1, size)), 1, MostParts);
        nint grain = (nint)Math.Max(1, (kernel.RowCount + parts - 1) / parts);
        parts = Math.Max(1, (kernel.RowCount + grain - 1) / grain);
        kernel.Weight = PartialSums.Floats((nint)parts * size);
        kernel.PartRows = grain;
        if (kernel.RowCount == 0)
        {
            new Span<float>(kernel.Weight, (int)size).Clear();
        }
        else
        {
            Launch.Chunks(kernel, kernel.RowCount, grain);
        }

        for (nint part = 1; part < parts; part++)
        {
            Arithmetic.AddTo(kernel.Weight + (part * size), kernel.Weight, size);
        }

        Transpose.Block(kernel.Weight, g.InChannels, dw, g.Taps, g.Taps, g.InChannels, add);
    }

    private static float* ByTaps(in ConvGeometry g, float* w)
    {
        float* turned = PartialSums.Floats((nint)g.Taps * g.InChannels);
        Transpose.Block(w, g.Taps, turned, g.InChannels, g.InChannels, g.Taps, false);
        return turned;
    }

    private static DepthwiseKernel Prepare(in ConvGeometry g, bool backward, float* source, float* target, float* weight)
    {
        (int targetHeight, int sourceHeight) = backward ? (g.InHeight, g.OutHeight) : (g.OutHeight, g.InHeight);
        (int targetWidth, int sourceWidth) = backward ? (g.InWidth, g.OutWidth) : (g.OutWidth, g.InWidth);
        DepthwiseKernel kernel = new()
        {
            Rows = new(targetHeight, sourceHeight, g.KernelHeight, g.StrideY, g.PadTop, g.DilationY, backward),
            Columns = new(targetWidth, sourceWidth, g.KernelWidth, g.StrideX, g.PadLeft, g.DilationX, backward),
            Channels = g.InChannels,
            RowCount = (nint)g.Batch * targetHeight,
            Source = source,
            Target = target,
            Weight = weight,
        };
        int most = kernel.Columns.MostRuns;
        int* memory = (int*)Scratch.Operands((nint)(most + 1) * (g.KernelWidth + 2));
        kernel.FindRuns(((int, int)*)memory, memory + (2 * most));
        return kernel;
    }
}
