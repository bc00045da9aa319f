using Pondus.Kernels;

namespace Pondus;

/// <summary>What a convolution layer is, without the sizes of its input: made once, so that a step carries it at no cost.</summary>
internal sealed record ConvolutionSettings
{
    public required int InChannels { get; init; }

    public required int OutChannels { get; init; }

    public required (int Y, int X) Kernel { get; init; }

    public required (int Y, int X) Stride { get; init; }

    /// <summary>Zeros above and left.</summary>
    public required (int Y, int X) PadBefore { get; init; }

    /// <summary>Zeros below and right.</summary>
    public required (int Y, int X) PadAfter { get; init; }

    /// <summary>Gets a value indicating whether the padding was chosen to keep the sizes.</summary>
    public bool SamePadding { get; init; }

    public required (int Y, int X) Dilation { get; init; }

    public required int Groups { get; init; }

    /// <summary>Rows and columns that a transposed convolution adds at the end.</summary>
    public (int Y, int X) OutputPadding { get; init; }

    /// <summary>Whether the layer runs the convolution backwards: its output is the convolution's input.</summary>
    public bool Transposed { get; init; }

    /// <summary>Gets the axes behind the channels: 1 for signals, 2 for images.</summary>
    public required int Axes { get; init; }

    /// <summary>Gets the sizes of the weight, as PyTorch has them.</summary>
    public Shape WeightShape
    {
        get
        {
            int first = Transposed ? InChannels : OutChannels, second = (Transposed ? OutChannels : InChannels) / Groups;
            return Axes == 1 ? [first, second, Kernel.X] : [first, second, Kernel.Y, Kernel.X];
        }
    }

    /// <summary>Gives the sizes of the output; a size below 1 means that the kernel does not fit.</summary>
    public (int Height, int Width) OutputSize(in Shape x)
    {
        int height = Axes == 1 ? 1 : x[^2], width = x.Last;
        return Transposed
            ? (TransposedSize(height, Kernel.Y, Stride.Y, PadBefore.Y + PadAfter.Y, Dilation.Y, OutputPadding.Y), TransposedSize(width, Kernel.X, Stride.X, PadBefore.X + PadAfter.X, Dilation.X, OutputPadding.X))
            : (Size(height, Kernel.Y, Stride.Y, PadBefore.Y + PadAfter.Y, Dilation.Y), Size(width, Kernel.X, Stride.X, PadBefore.X + PadAfter.X, Dilation.X));
    }

    /// <summary>Gives the sizes of the output; the caller has checked that they exist.</summary>
    public Shape OutputShape(in Shape x)
    {
        (int height, int width) = OutputSize(x);
        return Axes == 1 ? [x[0], OutChannels, width] : [x[0], OutChannels, height, width];
    }

    /// <summary>Gives the convolution that the layer runs, forwards or backwards.</summary>
    public ConvGeometry Geometry(in Shape input, in Shape output)
    {
        (Shape x, Shape y) = Transposed ? (output, input) : (input, output);
        return new()
        {
            Batch = x[0],
            InChannels = x[1],
            InHeight = Axes == 1 ? 1 : x[2],
            InWidth = x.Last,
            OutChannels = y[1],
            OutHeight = Axes == 1 ? 1 : y[2],
            OutWidth = y.Last,
            KernelHeight = Kernel.Y,
            KernelWidth = Kernel.X,
            StrideY = Stride.Y,
            StrideX = Stride.X,
            PadTop = PadBefore.Y,
            PadLeft = PadBefore.X,
            DilationY = Dilation.Y,
            DilationX = Dilation.X,
            Groups = Groups,
        };
    }

    /// <summary>Whether the convolution runs in tiles, which can pool and whose weights can be packed once.</summary>
    public bool RunsInTiles(in Shape input) => !Transposed && ConvForward.RunsInTiles(Geometry(input, OutputShape(input)));

    private static int Size(int size, int kernel, int stride, int padding, int dilation)
    {
        long room = (long)size + padding - (((long)kernel - 1) * dilation) - 1;
        return room < 0 ? 0 : (int)(room / stride) + 1;
    }

    private static int TransposedSize(int size, int kernel, int stride, int padding, int dilation, int outputPadding) =>
        (int)Math.Clamp((((long)size - 1) * stride) - padding + (((long)kernel - 1) * dilation) + outputPadding + 1, 0, int.MaxValue);
}
