namespace Pondus.Data;

/// <summary>Which file is a table and how to read it.</summary>
public sealed record CsvOptions
{
    /// <summary>Gets the file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the character between cells; null for a tab in .tsv and .tab files, else detected among , ; tab and |.</summary>
    public char? Separator { get; init; }

    /// <summary>Gets whether the first row names the columns; null when it does so unless one of its cells is a number.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>Gets how many lines to pass over before the first row, at least 0.</summary>
    public int SkipRows { get; init; }

    /// <summary>Gets the target column: its name, its index from 0, <c>first</c> or <c>last</c>.</summary>
    public string Target { get; init; } = "last";

    /// <summary>Gets the columns that are not inputs, by name or index, such as an identifier.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Gets what the target column is.</summary>
    public TableTask Task { get; init; } = TableTask.Classification;

    /// <summary>Gets the classes in the order of their numbers; empty to sort those found (by value when all are numbers).</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];
}
