namespace Pondus.Kernels;

/// <summary>What a matrix product applies to its result before storing it.</summary>
internal enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(0, x); NaN stays NaN.</summary>
    Relu,
}
