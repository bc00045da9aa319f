namespace Pondus.Kernels;

/// <summary>A kernel that can work on any part of its units.</summary>
internal interface IRangeKernel
{
    /// <summary>Works on the units from begin to end.</summary>
    void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>;
}
