namespace Pondus.Tests.Conventions;

/// <summary>A table of a Markdown file.</summary>
internal static class MarkdownTable
{
    /// <summary>The rows of the table whose header begins with these columns; cells without blanks around and without backticks.</summary>
    /// <exception cref="InvalidDataException">There is no such table, or a row has another number of cells.</exception>
    public static IReadOnlyList<string[]> Read(string markdown, params string[] header)
    {
        string[] lines = markdown.Split('\n');
        int start = Array.FindIndex(lines, line => IsRow(line) && Cells(line).Take(header.Length).SequenceEqual(header));
        if (start < 0)
        {
            throw new InvalidDataException($"Markdown: expected a table with the columns {string.Join(", ", header)}, got none.");
        }

        int columns = Cells(lines[start]).Length;
        List<string[]> rows = [];
        for (int i = start + 2; i < lines.Length && IsRow(lines[i]); i++)
        {
            string[] cells = Cells(lines[i]);
            if (cells.Length != columns)
            {
                throw new InvalidDataException($"Markdown line {i + 1}: expected {columns} cells, got {cells.Length}.");
            }

            rows.Add(cells);
        }

        return rows;
    }

    private static bool IsRow(string line) => line.StartsWith('|');

    private static string[] Cells(string line) =>
        line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray();
}
