namespace Pondus.Kernels;

/// <summary>Names the elementwise functions of two arguments.</summary>
internal enum BinaryKind
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>a^b.</summary>
    Power,

    /// <summary>The larger one; NaN when either is NaN.</summary>
    Maximum,

    /// <summary>The smaller one; NaN when either is NaN.</summary>
    Minimum,
}
