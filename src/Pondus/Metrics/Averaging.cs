namespace Pondus.Metrics;

/// <summary>How the values of classes become one.</summary>
public enum Averaging
{
    /// <summary>The mean over the classes; each counts alike, however rare.</summary>
    Macro,

    /// <summary>Of all samples together: true and false answers of all classes are added first.</summary>
    Micro,

    /// <summary>The mean over the classes, weighted by how many samples each truly has.</summary>
    Weighted,

    /// <summary>That of class 1 of two.</summary>
    Binary,
}
