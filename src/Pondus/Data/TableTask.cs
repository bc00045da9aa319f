namespace Pondus.Data;

/// <summary>What the target column of a table is.</summary>
public enum TableTask
{
    /// <summary>A class: each different text is one.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
