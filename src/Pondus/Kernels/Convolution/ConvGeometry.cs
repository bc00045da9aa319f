namespace Pondus.Kernels;

/// <summary>Sizes of a convolution over images whose channels come last: x (batch, height, width, channels) to y.</summary>
/// <remarks>
/// <para>The value of y at (oy, ox) reads x at (oy strideY - padTop + ky dilationY, ox strideX - padLeft + kx dilationX); what lies outside counts as 0.</para>
/// <para>The weight is as it is stored: (outChannels, inChannels / groups, kernelHeight, kernelWidth). A signal is an image of height 1.</para>
/// </remarks>
internal readonly record struct ConvGeometry
{
    public required int Batch { get; init; }

    public required int InChannels { get; init; }

    public required int InHeight { get; init; }

    public required int InWidth { get; init; }

    public required int OutChannels { get; init; }

    public required int OutHeight { get; init; }

    public required int OutWidth { get; init; }

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int DilationY { get; init; } = 1;

    public int DilationX { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public ConvGeometry()
    {
    }

    /// <summary>Gets the input channels that one output channel sees.</summary>
    public int GroupInChannels => InChannels / Groups;

    /// <summary>Gets the output channels of one group.</summary>
    public int GroupOutChannels => OutChannels / Groups;

    /// <summary>Gets the number of taps of the kernel.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Gets the floating-point operations of one pass, borders counted as if they were full.</summary>
    public double Work => 2.0 * Batch * OutHeight * OutWidth * OutChannels * GroupInChannels * Taps;
}
