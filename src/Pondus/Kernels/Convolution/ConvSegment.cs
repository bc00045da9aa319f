namespace Pondus.Kernels;

/// <summary>A contiguous stretch of x that one place of the output sees, and where its weights start.</summary>
internal struct ConvSegment
{
    /// <summary>First byte, counted from the place's base.</summary>
    public nint Begin;

    /// <summary>Byte behind the last.</summary>
    public nint End;

    /// <summary>Floats from the start of the panel of weights.</summary>
    public nint Weights;
}
