using System.Globalization;
using CsvHelper;

namespace Pondus.Data;

/// <summary>A CSV or TSV file as named columns of texts.</summary>
public sealed class CsvTable
{
    private readonly List<string[]> _rows;
    private readonly List<long> _lines;

    private CsvTable(string path, IReadOnlyList<string> columns, List<string[]> rows, List<long> lines)
    {
        Path = path;
        ColumnNames = columns;
        _rows = rows;
        _lines = lines;
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the column names; <c>column0</c> and so on without a header.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Gets the number of rows below the header, at least 1.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Gets a cell's text.</summary>
    /// <param name="row">Index of the row, from 0.</param>
    /// <param name="column">Index of the column, from 0.</param>
    public string this[int row, int column] => _rows[row][column];

    /// <summary>Reads a file.</summary>
    /// <param name="options">Which file and how; target, task and classes are not used here.</param>
    /// <returns>The table.</returns>
    /// <exception cref="DataFormatException">The file has no rows, rows of different lengths, a column name twice, or broken quotes.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static CsvTable Read(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.SkipRows, nameof(options));
        string path = options.Path;
        using FileStream file = DataFile.Open(path);
        SkipLines(file, options.SkipRows);
        (List<string[]> rows, List<long> lines) = ReadRows(file, options);
        if (rows.Count == 0)
        {
            throw new DataFormatException(path, ": expected at least 1 row, got 0.");
        }

        for (int i = 1; i < rows.Count; i++)
        {
            if (rows[i].Length != rows[0].Length)
            {
                string cure = i == 1 && options.SkipRows == 0 ? $" If line {lines[0]} is no row, skip it." : "";
                throw new DataFormatException(path, $" line {lines[i]}: expected {rows[0].Length} cells as in line {lines[0]}, got {rows[i].Length}.{cure}");
            }
        }

        string[] columns = [.. Enumerable.Range(0, rows[0].Length).Select(index => $"column{index}")];
        if (options.HasHeader ?? !Array.Exists(rows[0], IsNumber))
        {
            columns = rows[0];
            rows.RemoveAt(0);
            lines.RemoveAt(0);
            ThrowIfTwice(path, columns);
        }

        return rows.Count > 0
            ? new CsvTable(path, columns, rows, lines)
            : throw new DataFormatException(path, ": expected at least 1 row below the header, got 0.");
    }

    /// <summary>Gets the line in the file where a row starts, from 1.</summary>
    /// <param name="row">Index of the row, from 0.</param>
    /// <returns>The line.</returns>
    public long LineOf(int row) => _lines[row];

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name, or if no column has it its index from 0, <c>first</c> or <c>last</c>.</param>
    /// <returns>Its index.</returns>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public int ColumnIndex(string name)
    {
        for (int i = 0; i < ColumnNames.Count; i++)
        {
            if (string.Equals(ColumnNames[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return name switch
        {
            "first" => 0,
            "last" => ColumnNames.Count - 1,
            _ when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < ColumnNames.Count => index,
            _ => throw new DataFormatException(Path, $": expected a column '{name}', got {ColumnNames.Count} columns without it.{NearestName.Hint(name, ColumnNames)}"),
        };
    }

    /// <summary>Reads a cell as a number.</summary>
    /// <param name="row">Index of the row, from 0.</param>
    /// <param name="column">Index of the column, from 0.</param>
    /// <returns>The number, finite.</returns>
    /// <exception cref="DataFormatException">The cell is empty, no number, or not finite.</exception>
    public float Number(int row, int column)
    {
        string text = this[row, column];
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new DataFormatException(Path, $" line {LineOf(row)}, column '{ColumnNames[column]}': expected a finite number, got {Shown(text)}.");
    }

    private static string Shown(string text)
    {
        const int shownLength = 40;
        return string.IsNullOrWhiteSpace(text) ? "an empty cell" : $"'{(text.Length > shownLength ? text[..shownLength] + "..." : text)}'";
    }

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static void ThrowIfTwice(string path, string[] columns)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        if (Array.Find(columns, column => !seen.Add(column)) is string twice)
        {
            throw new DataFormatException(path, $": expected each column name once, got '{twice}' twice. If the file has no header, say so.");
        }
    }

    private static void SkipLines(FileStream file, int count)
    {
        for (int skipped = 0; skipped < count;)
        {
            int value = file.ReadByte();
            if (value < 0)
            {
                return;
            }

            skipped += value == '\n' ? 1 : 0;
        }
    }

    private static (List<string[]> Rows, List<long> Lines) ReadRows(FileStream file, CsvOptions options)
    {
        bool isTabbed = options.Path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || options.Path.EndsWith(".tab", StringComparison.OrdinalIgnoreCase);
        CsvReaderOptions readerOptions = CsvReaderOptions.Default with
        {
            Separator = options.Separator ?? (isTabbed ? '\t' : null),
            HasHeader = false,
            TrackLineNumbers = true,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
        };
        List<string[]> rows = [];
        List<long> lines = [];
        try
        {
            using CsvReader reader = CsvReader.Create(file, readerOptions, leaveOpen: true);
            while (reader.Read())
            {
                rows.Add(reader.Current.ToArray());
                lines.Add(reader.LineNumber + options.SkipRows);
            }
        }
        catch (CsvFormatException error)
        {
            throw new DataFormatException(options.Path, $" line {error.LineNumber + options.SkipRows}: expected cells with paired quotes, got a stray or an open one.", error);
        }

        return (rows, lines);
    }
}
