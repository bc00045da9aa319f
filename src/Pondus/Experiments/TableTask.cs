namespace Pondus.Experiments;

/// <summary>What is learned from a table.</summary>
public enum TableTask
{
    /// <summary>A class.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
