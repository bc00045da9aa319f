using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What an inspection found, for people.</summary>
/// <param name="writer">Where to.</param>
/// <param name="width">Columns of the terminal; null elsewhere, where nothing is cut.</param>
internal sealed class InspectionText(TextWriter writer, int? width)
{
    private const int WideColumns = 110;
    private const int LongestName = 60;
    private const int LongestText = 300;
    private const int ShownRemarks = 20;
    private const int ShownTexts = 24;

    // The longest title, as bfloat16, and the space behind it.
    private const int TitleColumns = 13;

    private bool IsWide => width is null or >= WideColumns;

    /// <summary>Writes everything about a file.</summary>
    public void Write(Inspection inspection, long? fileBytes)
    {
        WriteHeader(inspection, fileBytes);
        if (inspection.Groups.Count > 1)
        {
            WriteGroups(inspection);
        }

        if (inspection.Tensors.Count > 0)
        {
            InspectionTable.Write(writer, inspection.Tensors, width);
            WriteLeftOut(inspection);
        }

        WriteEnd(inspection);
    }

    /// <summary>Writes findings, remarks and the verdict.</summary>
    public void WriteEnd(Inspection inspection)
    {
        if (inspection.Findings.Count > 0)
        {
            writer.WriteLine("findings");
            foreach (InspectionFinding finding in inspection.Findings)
            {
                WriteWrapped($"  {InspectionOutput.Name(finding.Severity),-8} ", finding.Message, finding.Severity == InspectionSeverity.Error);
            }

            writer.WriteLine();
        }

        if (inspection.Remarks.Count > 0)
        {
            writer.WriteLine("remarks");
            WriteRemarks(inspection.Remarks);
            writer.WriteLine();
        }

        WriteWrapped("verdict  ", inspection.Verdict, !inspection.IsHealthy);
    }

    /// <summary>Says what was not computed.</summary>
    public void WriteLeftOut(Inspection inspection)
    {
        if (inspection.SpectraLeftOut)
        {
            writer.WriteLine("Spectra were left out, since they take more than a second: --spectrum computes them.");
            writer.WriteLine();
        }
    }

    private static string Count(int count) => $"{count:N0} tensor{(count == 1 ? string.Empty : "s")}";

    private void WriteHeader(Inspection inspection, long? fileBytes)
    {
        TextTable facts = new();
        facts.Add("file", inspection.Path);
        facts.Add("format", inspection.Format);
        facts.Add("tensors", $"{inspection.Tensors.Count:N0} of {WeightText.Bytes(inspection.ByteCount)}{(fileBytes is long bytes ? $", in a file of {WeightText.Bytes(bytes)}" : string.Empty)}");
        facts.Add("parameters", $"{inspection.ParameterCount:N0}");
        AddWrapped(facts, "types", inspection.Tensors.Count == 0 ? "none" : string.Join(", ", inspection.Tensors.GroupBy(static tensor => tensor.Entry.DataType, StringComparer.Ordinal)
            .OrderByDescending(static group => group.Sum(static tensor => tensor.Entry.ByteCount))
            .Select(static group => $"{group.Key} ({Count(group.Count())}, {WeightText.Bytes(group.Sum(static tensor => tensor.Entry.ByteCount))})")));
        AddPrecisions(facts, inspection);
        double[] alphas = [.. inspection.Tensors.Select(static tensor => tensor.Spectrum?.PowerLaw?.Alpha).OfType<double>()];
        if (alphas.Length > 0)
        {
            AddWrapped(facts, "power law", $"alpha {alphas.Average():F2} on average over {alphas.Length:N0} matrices; 2 to 6 is what well-trained layers show");
        }

        AddTexts(facts, "metadata", inspection.Metadata.Where(static pair => !pair.Key.StartsWith("pondus.", StringComparison.Ordinal)));
        AddTexts(facts, "lineage", inspection.Lineage);
        facts.Write(writer);
        writer.WriteLine();
    }

    /// <summary>What narrower types would make of all tensors of one type together.</summary>
    private void AddPrecisions(TextTable facts, Inspection inspection)
    {
        foreach (var group in inspection.Tensors
            .SelectMany(static tensor => tensor.Statistics?.Precisions.Select(precision => (Tensor: tensor, Precision: precision)) ?? [])
            .GroupBy(static pair => pair.Precision.DataType, StringComparer.Ordinal))
        {
            double values = group.Sum(static pair => (double)pair.Tensor.Entry.Count), mean = group.Sum(static pair => pair.Precision.MeanError * pair.Tensor.Entry.Count) / Math.Max(1, values);
            long overflows = group.Sum(static pair => pair.Precision.OverflowCount);
            AddWrapped(facts, $"as {group.Key}", InspectionTensorText.Loss(new WeightPrecision(group.Key, group.Max(static pair => pair.Precision.LargestError), mean, overflows)));
        }
    }

    private void AddWrapped(TextTable facts, string title, string text)
    {
        foreach (string line in Lines(text, width is int columns ? columns - TitleColumns : int.MaxValue))
        {
            facts.Add(title, line);
            title = string.Empty;
        }
    }

    private void AddTexts(TextTable facts, string title, IEnumerable<KeyValuePair<string, string>> texts)
    {
        List<KeyValuePair<string, string>> sorted = [.. texts.OrderBy(static pair => pair.Key, StringComparer.Ordinal)];
        foreach ((string key, string value) in sorted.Take(ShownTexts))
        {
            // JSON is often kept with its line breaks and indents.
            string line = WeightText.Safe($"{key} = {string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
            int limit = width is int columns ? Math.Max(20, columns - TitleColumns) : LongestText;
            facts.Add(title, line.Length > limit ? $"{line[..(limit - 1)]}\u2026" : line);
            title = string.Empty;
        }

        if (sorted.Count > ShownTexts)
        {
            facts.Add(title, $"and {sorted.Count - ShownTexts:N0} more: --json prints them all");
        }
    }

    private void WriteGroups(Inspection inspection)
    {
        TextTable table = new();
        table.Add("group", "tensors", "parameters", "share", "bytes", "types");
        foreach (InspectionGroup group in inspection.Groups)
        {
            string share = WeightText.Percent(inspection.ParameterCount == 0 ? 0 : (double)group.ParameterCount / inspection.ParameterCount);
            table.Add(WeightText.Fit(group.Name, IsWide ? LongestName : 28), $"{group.TensorCount:N0}", $"{group.ParameterCount:N0}", share, WeightText.Bytes(group.ByteCount), string.Join(' ', group.DataTypes.Take(3)));
        }

        table.Write(writer, 1, 2, 3, 4);
        writer.WriteLine();
    }

    private void WriteRemarks(IReadOnlyList<WeightRemark> remarks)
    {
        HashSet<string> said = new(StringComparer.Ordinal);
        foreach (IGrouping<WeightRemarkKind, WeightRemark> kind in remarks.GroupBy(static remark => remark.Kind).OrderByDescending(static group => group.Key))
        {
            string head = $"  {kind.Key.ToString().ToLowerInvariant(),-8} ";
            bool isGrave = kind.Key == WeightRemarkKind.Threat;
            foreach (WeightRemark remark in kind.Take(ShownRemarks))
            {
                // The same but for a number, such as the byte: said once.
                bool isNew = said.Add(string.Concat(remark.Message.Where(static c => !char.IsAsciiDigit(c))));
                WriteWrapped(head, $"{remark.Subject}: {(isNew ? remark.Message : "likewise.")}", isGrave);
            }

            if (kind.Count() > ShownRemarks)
            {
                WriteWrapped(head, $"and {kind.Count() - ShownRemarks:N0} more: --json prints them all.", isGrave);
            }
        }
    }

    private void WriteWrapped(string head, string text, bool isGrave)
    {
        foreach (string part in Lines(WeightText.Safe(text), (width ?? int.MaxValue) - head.Length - 1))
        {
            string line = $"{head}{part}";
            writer.WriteLine(isGrave && width is not null ? $"\u001b[31m{line}\u001b[0m" : line);
            head = new string(' ', head.Length);
        }
    }

    private static IEnumerable<string> Lines(string text, int columns)
    {
        int room = Math.Max(30, columns);
        while (text.Length > 0)
        {
            int end = text.Length <= room ? text.Length : text.LastIndexOf(' ', room - 1) is int space and > 0 ? space : room;
            yield return text[..end];
            text = text[end..].TrimStart();
        }
    }
}
