namespace Pondus.Weights;

/// <summary>Which matrices to decompose.</summary>
public enum SpectrumChoice
{
    /// <summary>None.</summary>
    None,

    /// <summary>All, if they are small together; else none.</summary>
    IfQuick,

    /// <summary>All.</summary>
    All,
}
