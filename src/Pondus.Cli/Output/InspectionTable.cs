using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>The table of tensors: as many columns as the terminal holds beside whole names.</summary>
internal static class InspectionTable
{
    private const int SparkColumns = 16;
    private const int ShortSparkColumns = 8;
    private const int LongestName = 60;
    private const int ShortestName = 16;
    private const int Gap = 2;
    private const double ShownZeros = 0.01;

    // In the order of the table; those with the largest Drop leave first, those with 0 never.
    private static readonly Column[] s_columns =
    [
        new("type", 0, IsNumber: false, static tensor => tensor.Entry.DataType),
        new("shape", 0, IsNumber: false, static tensor => WeightText.Shape(tensor.Entry.Shape)),
        new("min", 4, IsNumber: true, static tensor => Number(tensor, static s => s.Min)),
        new("max", 3, IsNumber: true, static tensor => Number(tensor, static s => s.Max)),
        new("mean", 5, IsNumber: true, static tensor => Number(tensor, static s => s.Mean)),
        new("std", 0, IsNumber: true, static tensor => Number(tensor, static s => s.StandardDeviation)),
        new("zeros", 6, IsNumber: true, static tensor => WeightText.Percent(ShareOfZeros(tensor))),
        new("eff. rank", 1, IsNumber: true, static tensor => tensor.Spectrum is { } s ? $"{s.EffectiveRank:F1}/{s.SingularValues.Count}" : string.Empty),
        new("alpha", 2, IsNumber: true, static tensor => tensor.Spectrum?.PowerLaw is { } law ? $"{law.Alpha:F2}" : string.Empty),
    ];

    /// <summary>Writes the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="width">Columns of the terminal; null elsewhere, where nothing is cut.</param>
    public static void Write(TextWriter writer, IReadOnlyList<InspectionTensor> tensors, int? width)
    {
        string shared = width is null ? string.Empty : SharedPrefix(tensors);
        List<(Column Column, string[] Cells, int Width)> shown = [];
        foreach (Column column in s_columns)
        {
            string[] cells = [.. tensors.Select(column.Cell)];
            bool isEmpty = column.Name is "zeros" ? !tensors.Any(static tensor => ShareOfZeros(tensor) > ShownZeros) : cells.All(static cell => cell.Length == 0);
            if (!isEmpty)
            {
                shown.Add((column, cells, Math.Max(column.Name.Length, cells.Max(static cell => cell.Length)) + Gap));
            }
        }

        int longest = Math.Min(LongestName, tensors.Max(tensor => tensor.Entry.Name.Length - shared.Length));
        int spark = SparkColumns, nameWidth = int.MaxValue;
        if (width is int columns)
        {
            int Room() => columns - 1 - shown.Sum(static item => item.Width) - Math.Max(spark, "histogram".Length) - Gap;
            while (Room() < longest && shown.Max(static item => item.Column.Drop) is > 0 and int drop)
            {
                shown.RemoveAll(item => item.Column.Drop == drop);
                spark = drop <= 3 ? ShortSparkColumns : spark;
            }

            spark = Room() < longest ? ShortSparkColumns : spark;
            nameWidth = Math.Clamp(Room(), ShortestName, LongestName);
        }

        TextTable table = new();
        table.Add(["tensor", .. shown.Select(static item => item.Column.Name), "histogram"]);
        for (int i = 0; i < tensors.Count; i++)
        {
            string picture = tensors[i].Statistics is { } s ? WeightText.Sparkline(s.Histogram, spark) : string.Empty;
            table.Add([WeightText.Fit(tensors[i].Entry.Name[shared.Length..], nameWidth), .. shown.Select(item => item.Cells[i]), picture]);
        }

        if (shared.Length > 0)
        {
            writer.WriteLine($"All names begin with {WeightText.Safe(shared)} which is left out here.");
        }

        table.Write(writer, [.. shown.Select(static (item, index) => item.Column.IsNumber ? index + 1 : -1)]);
        writer.WriteLine();
    }

    /// <summary>The parts with which all names begin, to the last point; nothing for a single tensor.</summary>
    private static string SharedPrefix(IReadOnlyList<InspectionTensor> tensors)
    {
        string prefix = tensors.Count < 2 ? string.Empty : tensors[0].Entry.Name;
        foreach (InspectionTensor tensor in tensors)
        {
            int length = 0;
            while (length < prefix.Length && length < tensor.Entry.Name.Length && prefix[length] == tensor.Entry.Name[length])
            {
                length++;
            }

            prefix = prefix[..length];
        }

        return prefix[..(prefix.LastIndexOf('.') + 1)];
    }

    private static string Number(InspectionTensor tensor, Func<WeightStatistics, double> value) => tensor.Statistics is { } statistics ? WeightText.Number(value(statistics)) : "-";

    private static double ShareOfZeros(InspectionTensor tensor) => tensor.Statistics is { Count: > 0 } s ? (double)s.ZeroCount / s.Count : 0;

    private sealed record Column(string Name, int Drop, bool IsNumber, Func<InspectionTensor, string> Cell);
}
