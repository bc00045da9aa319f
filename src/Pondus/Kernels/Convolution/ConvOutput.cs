namespace Pondus.Kernels;

/// <summary>What a convolution does with its sums, and where they go.</summary>
internal unsafe struct ConvOutput
{
    /// <summary>Starting values of the channels, or null for zero.</summary>
    public float* Bias;

    public bool Relu;

    /// <summary>Whether Y is added to; not with ReLU or pooling.</summary>
    public bool Add;

    /// <summary>Whether only the largest of each two by two places is written; a last row or column without a partner falls away.</summary>
    public bool Pooled;

    /// <summary>Receives which place of each window was the largest; or null.</summary>
    public float* Winners;

    public float* Y;
}
