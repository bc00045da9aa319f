using System.Globalization;

namespace Pondus.Data;

/// <summary>A data set from a table: one column is the target, the others are numbers.</summary>
public static class CsvDataset
{
    /// <summary>Reads a CSV or TSV file.</summary>
    /// <remarks>Shape: inputs (columns), targets (1).</remarks>
    /// <param name="options">Which file, which column is the target, and how to read it.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="DataFormatException">A cell is no finite number, a column is missing, or there are no rows; the message
    /// names line and column.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static Dataset Load(CsvOptions options)
    {
        CsvTable table = CsvTable.Read(options);
        int target = table.ColumnIndex(options.Target);
        HashSet<int> left = [target, .. options.Ignored.Select(table.ColumnIndex)];
        int[] columns = [.. Enumerable.Range(0, table.ColumnNames.Count).Where(column => !left.Contains(column))];
        if (columns.Length == 0)
        {
            throw new DataFormatException(options.Path, $": expected a column beside the target '{table.ColumnNames[target]}', got none. Is the separator right?");
        }

        string[] names = Array.ConvertAll(columns, column => table.ColumnNames[column]);
        float[] inputs = new float[(long)table.RowCount * columns.Length];
        for (int row = 0, i = 0; row < table.RowCount; row++)
        {
            foreach (int column in columns)
            {
                inputs[i++] = table.Number(row, column);
            }
        }

        if (options.Task == TableTask.Regression)
        {
            float[] targets = [.. Enumerable.Range(0, table.RowCount).Select(row => table.Number(row, target))];
            return new Dataset(inputs, [columns.Length], targets, [1], names);
        }

        IReadOnlyList<string> classes = options.ClassNames.Count > 0 ? options.ClassNames : Classes(table, target);
        return new Dataset(inputs, [columns.Length], Labels(table, target, classes), classes, names);
    }

    private static string[] Classes(CsvTable table, int target)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        for (int row = 0; row < table.RowCount; row++)
        {
            string name = table[row, target];
            if (name.Length == 0)
            {
                throw new DataFormatException(table.Path, $" line {table.LineOf(row)}, column '{table.ColumnNames[target]}': expected a class, got an empty cell.");
            }

            found.Add(name);
        }

        // Ordinal order would put class 10 before class 2.
        return found.All(name => Value(name) is not null)
            ? [.. found.OrderBy(Value).ThenBy(name => name, StringComparer.Ordinal)]
            : [.. found.Order(StringComparer.Ordinal)];
    }

    private static double? Value(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static int[] Labels(CsvTable table, int target, IReadOnlyList<string> classes)
    {
        Dictionary<string, int> indices = new(StringComparer.Ordinal);
        foreach (string name in classes)
        {
            indices.Add(name, indices.Count);
        }

        int[] labels = new int[table.RowCount];
        for (int row = 0; row < labels.Length; row++)
        {
            string name = table[row, target];
            if (!indices.TryGetValue(name, out labels[row]))
            {
                throw new DataFormatException(table.Path,
                    $" line {table.LineOf(row)}, column '{table.ColumnNames[target]}': expected one of {classes.Count} classes, got '{name}'.{NearestName.Hint(name, classes)}");
            }
        }

        return labels;
    }
}
