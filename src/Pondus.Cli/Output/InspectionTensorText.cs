using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>Everything about one tensor, for people.</summary>
internal static class InspectionTensorText
{
    private const int ShownValues = 8;
    private const int BarColumns = 40;
    private const int SpectrumColumns = 60;
    private const int SpectrumRows = 8;

    /// <summary>Writes facts, the histogram and the spectrum.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="histogram">Its exact histogram, if it has one.</param>
    /// <param name="first">Its first values.</param>
    public static void Write(TextWriter writer, InspectionTensor tensor, WeightHistogram? histogram, IReadOnlyList<double> first)
    {
        TextTable facts = new();
        facts.Add("tensor", WeightText.Safe(tensor.Entry.Name));
        facts.Add("type", tensor.Entry.DataType);
        facts.Add("shape", $"{WeightText.Shape(tensor.Entry.Shape)} ({tensor.Entry.Count:N0} values, {WeightText.Bytes(tensor.Entry.ByteCount)})");
        if (tensor.Sha256 is not null)
        {
            facts.Add("sha256", tensor.Sha256);
        }

        if (tensor.Statistics is { } s)
        {
            AddStatistics(facts, s);
        }

        if (first.Count > 0)
        {
            facts.Add("first", string.Join("  ", first.Take(ShownValues).Select(WeightText.Number)));
        }

        if (tensor.Spectrum is { } spectrum)
        {
            AddSpectrum(facts, spectrum);
        }

        facts.Write(writer);
        writer.WriteLine();
        if (histogram is not null)
        {
            WriteHistogram(writer, histogram);
        }

        if (tensor.Spectrum is { SpectralNorm: > 0, SingularValues.Count: > 2 } drawn)
        {
            WriteSpectrum(writer, drawn);
        }
    }

    /// <summary>Says what a narrower type would lose.</summary>
    public static string Loss(WeightPrecision precision)
    {
        string overflow = precision.OverflowCount > 0 ? $"; {precision.OverflowCount:N0} values would be infinite" : string.Empty;
        return precision.IsExact
            ? "exact: nothing would be lost"
            : $"loses {WeightText.Percent(precision.MeanError)} of a value on average, {WeightText.Percent(precision.LargestError)} at most{overflow}";
    }

    private static void AddStatistics(TextTable facts, WeightStatistics s)
    {
        facts.Add("range", $"{WeightText.Number(s.Min)} to {WeightText.Number(s.Max)}");
        facts.Add("mean", $"{WeightText.Number(s.Mean)}, deviation {WeightText.Number(s.StandardDeviation)}, root mean square {WeightText.Number(s.RootMeanSquare)}");
        facts.Add("zeros", $"{s.ZeroCount:N0} ({WeightText.Percent(s.Count == 0 ? 0 : (double)s.ZeroCount / s.Count)})");
        facts.Add("non-finite", s.NonFiniteCount == 0 ? "0" : $"{s.NanCount:N0} NaN, {s.PositiveInfinityCount:N0} infinity, {s.NegativeInfinityCount:N0} -infinity");
        if (s.RowCount > 0)
        {
            facts.Add("rows", s.FirstDeadRows.Count == 0
                ? $"{s.RowCount:N0}, none of one number"
                : $"{s.RowCount:N0}; {s.ZeroRowCount:N0} zero, {s.ConstantRowCount:N0} of another number: {string.Join(", ", s.FirstDeadRows)}{(s.ZeroRowCount + s.ConstantRowCount > s.FirstDeadRows.Count ? " ..." : string.Empty)}");
        }

        foreach (WeightPrecision precision in s.Precisions)
        {
            facts.Add($"as {precision.DataType}", Loss(precision));
        }
    }

    private static void AddSpectrum(TextTable facts, Spectrum spectrum)
    {
        facts.Add("spectrum", $"{spectrum.SingularValues.Count:N0} singular values of {spectrum.Rows:N0}x{spectrum.Columns:N0}: {WeightText.Number(spectrum.SpectralNorm)} to {WeightText.Number(spectrum.SingularValues[^1])}, condition {WeightText.Number(spectrum.Condition)}");
        facts.Add("rank", $"{spectrum.Rank:N0}; effective {spectrum.EffectiveRank:F1}, stable {spectrum.StableRank:F1}");
        if (spectrum.PowerLaw is { } law)
        {
            string warning = law.Warning.Length > 0 ? $" ({law.Warning})" : string.Empty;
            facts.Add("power law", $"alpha {law.Alpha:F3}{warning}, +- {law.Sigma:F3}, distance {law.Distance:F3}, from {WeightText.Number(law.XMin)} on: {law.SpikeCount:N0} of {law.EigenvalueCount:N0} eigenvalues");
        }
    }

    private static void WriteHistogram(TextWriter writer, WeightHistogram histogram)
    {
        long most = Math.Max(1, histogram.Counts.Max());
        double step = (histogram.Max / histogram.Counts.Count) - (histogram.Min / histogram.Counts.Count);
        TextTable table = new();
        table.Add("from", "values", string.Empty);
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            table.Add(WeightText.Number(histogram.Min + (i * step)), $"{histogram.Counts[i]:N0}", WeightText.Bar((double)histogram.Counts[i] / most, BarColumns));
        }

        table.Write(writer, 0, 1);
        writer.WriteLine();
    }

    /// <summary>Draws the singular values over their number, on a logarithmic scale of up to six decades.</summary>
    private static void WriteSpectrum(TextWriter writer, Spectrum spectrum)
    {
        const double decades = 6;
        IReadOnlyList<double> values = spectrum.SingularValues;
        double top = Math.Log10(values[0]), bottom = Math.Max(top - decades, Math.Log10(values.Last(static value => value > 0)));
        double span = Math.Max(top - bottom, 1e-9);
        int columns = Math.Min(SpectrumColumns, values.Count);
        char[][] rows = [.. Enumerable.Range(0, SpectrumRows).Select(_ => new string(' ', columns).ToCharArray())];
        for (int x = 0; x < columns; x++)
        {
            double value = values[(int)((long)x * (values.Count - 1) / Math.Max(1, columns - 1))];
            double height = value > 0 ? Math.Clamp((Math.Log10(value) - bottom) / span, 0, 1) : 0;
            rows[SpectrumRows - 1 - (int)Math.Round(height * (SpectrumRows - 1))][x] = '*';
        }

        for (int y = 0; y < SpectrumRows; y++)
        {
            string label = y == 0 ? WeightText.Number(values[0]) : y == SpectrumRows - 1 ? WeightText.Number(Math.Pow(10, bottom)) : string.Empty;
            writer.WriteLine($"{label,10} |{new string(rows[y]).TrimEnd()}");
        }

        writer.WriteLine($"{string.Empty,10} +{new string('-', columns)}");
        writer.WriteLine($"{string.Empty,12}singular value 1 to {values.Count} (log scale)");
        writer.WriteLine();
    }
}
