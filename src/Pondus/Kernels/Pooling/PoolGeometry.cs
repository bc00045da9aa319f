namespace Pondus.Kernels;

/// <summary>The windows of a pooling along height and width; a signal is an image of height 1.</summary>
/// <param name="y">Along the height.</param>
/// <param name="x">Along the width.</param>
internal sealed class PoolGeometry(PoolAxis y, PoolAxis x)
{
    public PoolAxis Y { get; } = y;

    public PoolAxis X { get; } = x;

    /// <summary>Gets a value indicating whether windows of two by two lie side by side.</summary>
    public bool IsTwoByTwo => Y.IsTiling && X.IsTiling && Y.Kernel == 2 && X.Kernel == 2 && Y.Stride == 2 && X.Stride == 2;
}
