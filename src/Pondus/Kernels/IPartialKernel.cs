namespace Pondus.Kernels;

/// <summary>A kernel that gives one number for any part of its units.</summary>
internal interface IPartialKernel
{
    /// <summary>Computes the number of the units from begin to end.</summary>
    double Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>;
}
