using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What a comparison of weights files shows, for people.</summary>
internal static class DifferenceText
{
    private const int ShownTensors = 20;
    private const int ShownNames = 10;

    public static void Write(TextWriter writer, string first, string second, WeightDifference difference, bool all, int? width)
    {
        TextTable files = new();
        files.Add("first", first, difference.Formats[0]);
        files.Add("second", second, difference.Formats[1]);
        files.Write(writer);
        writer.WriteLine();
        WriteTensors(writer, difference, all, width);
        WriteMatches(writer, difference, all);
        WriteNames(writer, "only in the first", difference.Matching.Missing, all);
        WriteNames(writer, "only in the second", difference.Matching.Unexpected, all);
        writer.WriteLine($"verdict: {difference.Verdict}");
    }

    private static void WriteTensors(TextWriter writer, WeightDifference difference, bool all, int? width)
    {
        IReadOnlyList<TensorDifference> changed = difference.Changed;
        TensorDifference[] shown = all ? [.. changed, .. difference.Tensors.Where(static tensor => tensor.HasEqualValues)] : [.. changed.Take(ShownTensors)];
        if (shown.Length > 0)
        {
            bool hasTypes = difference.Tensors.Any(static tensor => tensor.DataTypes[0] != tensor.DataTypes[1]);
            bool hasRows = shown.Any(static tensor => tensor.Rows is not null);
            TextTable table = new(width);
            string[] types = hasTypes ? ["types", "dB"] : [], rows = hasRows ? ["CKA"] : [];
            table.Add(["tensor", "shape", .. types, "max", "relative", "cosine", .. rows, "note"]);
            foreach (TensorDifference tensor in shown)
            {
                string[] typeCells = hasTypes ? [Types(tensor), tensor.SignalToNoise is double noise ? $"{noise:F1}" : "-"] : [];
                string[] rowCells = hasRows ? [Share(tensor.Rows?.UnbiasedCka)] : [];
                table.Add([tensor.Match.First.Name, Shape(tensor.Match.First), .. typeCells, Number(tensor.Max), Number(tensor.Relative), Share(tensor.Cosine), .. rowCells, Note(tensor)]);
            }

            int offset = hasTypes ? 1 : 0;
            table.Write(writer, [.. Enumerable.Range(2 + offset, 3 + offset + (hasRows ? 1 : 0))]);
            WriteMore(writer, changed.Count - ShownTensors, all);
            writer.WriteLine();
        }

        int equal = difference.Tensors.Count - changed.Count;
        if (equal > 0)
        {
            writer.WriteLine($"{equal:N0} of {difference.Tensors.Count:N0} tensors have equal values.");
        }

        long sampled = difference.Tensors.Count(static tensor => tensor.Sampled > 0 && tensor.Sampled < tensor.Count - tensor.NonFinite && !tensor.HasEqualValues);
        if (sampled > 0)
        {
            writer.WriteLine($"Distributions of {sampled:N0} large tensors are of evenly spread samples of their values.");
        }

        long fewer = shown.Count(static tensor => tensor.Rows is { } rows && rows.Rows < RowCount(tensor));
        if (fewer > 0)
        {
            writer.WriteLine($"CKA of {fewer:N0} large matrices is of evenly spread rows.");
        }
    }

    private static void WriteMatches(TextWriter writer, WeightDifference difference, bool all)
    {
        TensorMatch[] matches = [.. difference.Matching.Matches.Where(static match => match.Kind != MatchKind.Name || match.Axes is not null)];
        if (matches.Length == 0)
        {
            return;
        }

        writer.WriteLine();
        TextTable table = new();
        table.Add("first", "second", "by", "axes");
        foreach (TensorMatch match in all ? matches : matches.Take(ShownTensors))
        {
            table.Add(match.First.Name, match.Second.Name, WeightNameMap.NameOf(match.Kind) + (match.Kind == MatchKind.Shape ? " (a guess)" : string.Empty), match.Axes is null ? string.Empty : string.Join(',', match.Axes));
        }

        table.Write(writer);
        WriteMore(writer, matches.Length - ShownTensors, all);
        writer.WriteLine();
    }

    private static void WriteNames(TextWriter writer, string what, IReadOnlyList<WeightEntry> entries, bool all)
    {
        if (entries.Count > 0)
        {
            IEnumerable<string> names = (all ? entries : entries.Take(ShownNames)).Select(static entry => entry.Name);
            string more = all || entries.Count <= ShownNames ? string.Empty : $" and {entries.Count - ShownNames:N0} more";
            writer.WriteLine($"{what} ({entries.Count:N0}): {WeightText.Safe(string.Join(", ", names))}{more}");
        }
    }

    private static void WriteMore(TextWriter writer, int more, bool all)
    {
        if (!all && more > 0)
        {
            writer.WriteLine($"and {more:N0} more; --all shows them.");
        }
    }

    private static long RowCount(TensorDifference tensor) => tensor.Match.Second.Shape.ToArray().FirstOrDefault(static size => size != 1, 1);

    private static string Types(TensorDifference tensor) =>
        tensor.DataTypes[0] == tensor.DataTypes[1] ? tensor.DataTypes[0] : $"{tensor.DataTypes[0]} > {tensor.DataTypes[1]}";

    private static string Shape(WeightEntry entry) => $"({string.Join(", ", entry.Shape.ToArray())})";

    private static string Number(double? value) => value is double number ? NumberText.Short(number) : "-";

    // A cosine of 0.99999 is not 1: as many digits as show that.
    private static string Share(double? value) => value switch
    {
        null => "-",
        double share when share < 1 && share > 0.9999 => $"1-{1 - share:0.#e+0}",
        double share => $"{share:F4}",
    };

    private static string Note(TensorDifference tensor)
    {
        string?[] notes =
        [
            tensor.Obstacle,
            tensor.HasEqualValues ? tensor.HasEqualBits ? "equal" : "equal values" : null,
            tensor.Rearrangement,
            tensor.NonFinite > 0 ? $"{tensor.NonFinite:N0} NaN or infinite" : null,
            tensor is { Rearrangement: null, Rows: { ColumnCka: > 0.9, UnbiasedCka: < 0.5 } } ? $"rows may be permuted (CKA of columns {Share(tensor.Rows.ColumnCka)})" : null,
        ];
        return string.Join("; ", notes.OfType<string>());
    }
}
