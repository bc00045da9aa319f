namespace Pondus.Kernels;

/// <summary>The last pass of a weight gradient.</summary>
internal unsafe struct ConvWeightFinish
{
    public ConvWeightJob Job;
    public float* Dw;
    public bool Add;
}
