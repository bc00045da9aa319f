namespace Pondus.Kernels;

/// <summary>Where a tap of a depthwise tile reads, in floats.</summary>
internal struct DepthwiseTap
{
    /// <summary>The place in the source that the tile's first place sees.</summary>
    public nint Source;

    /// <summary>The tap's row in the weight, which lies tap by tap.</summary>
    public nint Weight;
}
