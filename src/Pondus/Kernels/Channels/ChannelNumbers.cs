namespace Pondus.Kernels;

/// <summary>Numbers of each column in the passes of the norms, one array each.</summary>
internal unsafe struct ChannelNumbers
{
    /// <summary>Subtracted from x.</summary>
    public float* Mean;

    /// <summary>Multiplies the difference: weight over deviation.</summary>
    public float* Scale;

    /// <summary>Added to the product: the bias.</summary>
    public float* Shift;

    /// <summary>In the gradient, multiplies the difference.</summary>
    public float* Slope;

    /// <summary>In the gradient, is added.</summary>
    public float* Constant;

    /// <summary>Floats that five arrays take.</summary>
    public static nint Room(nint width) => 5 * width;

    /// <summary>Lays the arrays side by side.</summary>
    public static ChannelNumbers At(float* memory, nint width) => new()
    {
        Mean = memory,
        Scale = memory + width,
        Shift = memory + (2 * width),
        Slope = memory + (3 * width),
        Constant = memory + (4 * width),
    };
}
