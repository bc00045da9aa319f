using Pondus.Data;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A table in a text file, one sample a row.</summary>
public sealed record CsvDataSettings : DataSettings
{
    /// <inheritdoc/>
    public override string Source => "csv";

    /// <summary>Gets the file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the file of test rows, or null when the test part is split off.</summary>
    public string? TestPath { get; init; }

    /// <summary>Gets the column to learn: its name, its number from 0, or <c>last</c>.</summary>
    public string Target { get; init; } = "last";

    /// <summary>Gets what is learned.</summary>
    public TableTask Task { get; init; }

    /// <summary>Gets whether the first row holds names; null looks at the rows.</summary>
    public bool? Header { get; init; }

    /// <summary>Gets the number of lines to pass over before the table begins.</summary>
    public int SkipRows { get; init; }

    /// <summary>Gets what stands between cells; null looks at the file.</summary>
    public string? Separator { get; init; }

    /// <summary>Gets the columns that are not inputs, by name or number, such as an identifier.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    internal override DataSettings VisitSource(Fields f)
    {
        CsvDataSettings visited = this with
        {
            Path = f.Get("path", Path, Kinds.Path("a file"), "The file."),
            TestPath = f.Get("testPath", TestPath, Kinds.Optional(Kinds.Path("a file")), "File of test rows; null when the test part is split off."),
            Target = f.Get("target", Target, Kinds.Text("the name or number of a column, or last"), "Column to learn: its name, its number from 0, or last."),
            Task = f.Get("task", Task, Kinds.Choice<TableTask>(), "What is learned: a class or a number."),
            Header = f.Get("header", Header, Kinds.OptionalValue(Kinds.Flag), "Whether the first row holds names; null looks at the rows."),
            SkipRows = f.Get("skipRows", SkipRows, Kinds.Integer(0), "Number of lines to pass over before the table begins."),
            Separator = f.Get("separator", Separator, Kinds.Optional(Kinds.Text("one character")), "What stands between cells; null looks at the file."),
            Ignored = f.Get("ignored", Ignored, Kinds.List(Kinds.Text("the name or number of a column")), "Columns that are not inputs, by name or number."),
        };
        f.Check(visited.Separator is null or { Length: 1 }, "separator", "one character", $"{visited.Separator?.Length} characters");
        return visited;
    }
}
