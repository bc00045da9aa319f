using System.Text;

namespace Pondus.Cli.Output;

/// <summary>Columns of text, aligned by spaces: the same on a terminal and in a file.</summary>
/// <param name="width">Columns of a terminal for which the texts of the first column are cut in their middles; null cuts nothing.</param>
internal sealed class TextTable(int? width = null)
{
    private const int NarrowestName = 12;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; names from files are in it, so no cell keeps what a terminal would obey.</summary>
    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, WeightText.Safe));

    /// <summary>Writes the rows; columns of numbers are aligned right.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="right">The columns to align right.</param>
    public void Write(TextWriter writer, params IReadOnlyList<int> right)
    {
        int columns = _rows.Count == 0 ? 0 : _rows.Max(static r => r.Length);
        int[] widths = new int[columns];
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        int all = widths.Sum(static column => column + 2) - 2;
        if (all > width)
        {
            widths[0] = Math.Min(widths[0], Math.Max(NarrowestName, widths[0] - (all - width.Value)));
            _rows.ForEach(row => row[0] = WeightText.Fit(row[0], widths[0]));
        }

        StringBuilder line = new();
        foreach (string[] row in _rows)
        {
            line.Clear();
            for (int i = 0; i < row.Length; i++)
            {
                line.Append(right.Contains(i) ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]));
                line.Append("  ");
            }

            writer.WriteLine(line.ToString().TrimEnd());
        }
    }
}
