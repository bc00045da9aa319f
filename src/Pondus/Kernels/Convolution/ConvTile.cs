namespace Pondus.Kernels;

/// <summary>What a kernel computes: some places of the output, in pairs, by a panel of channels.</summary>
internal unsafe struct ConvTile
{
    /// <summary>Pairs of places at most.</summary>
    public const int MostPairs = 7;

    public ConvSegment* Segments;
    public ConvSegment* SegmentsEnd;
    public float* Weights;

    /// <summary>Starting values of the channels, or null for zero.</summary>
    public float* Bias;

    /// <summary>Bytes between the places of a pair in x.</summary>
    public nint XStep;

    /// <summary>Floats between the places of a pair in y.</summary>
    public nint YStep;

    /// <summary>Channels that are written.</summary>
    public int Columns;

    /// <summary>Channels of the panel.</summary>
    public int Width;

    public int Relu;
    public int Add;

    /// <summary>Addresses in x that the segments count from, one for each pair.</summary>
    public fixed long X[MostPairs];

    /// <summary>Addresses in y, one for each pair.</summary>
    public fixed long Y[MostPairs];
}
