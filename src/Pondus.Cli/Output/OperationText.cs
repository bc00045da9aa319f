using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What an operation on weights did, for people.</summary>
internal static class OperationText
{
    private const int ShownTensors = 20;
    private const int ShownNames = 10;

    /// <summary>Shows what was done to each weight of a file: as one document, or as the text that the command has for it.</summary>
    public static int Show(CommandContext context, bool json, string from, OperationReport report, Action<TextWriter, OperationReport, int?> write)
    {
        if (json)
        {
            OutputJson.Print(context.Out, OperationOutput.Of(from, report), OutputJson.Default.OperationOutput);
        }
        else
        {
            write(context.Out, report, context.OutWidth);
        }

        return ExitCode.Done;
    }

    public static void Write(TextWriter writer, string source, ConversionReport report, int? width)
    {
        TextTable facts = new();
        facts.Add("from", $"{source} ({report.SourceFormat})");
        facts.Add("to", $"{report.Path} ({report.TargetFormat})");
        facts.Add("tensors", $"{report.TensorCount:N0}, {ByteSize.Text(report.ByteCount)}");
        if (report.Renamed.Count > 0)
        {
            facts.Add("renamed", Names([.. report.Renamed.Select(static pair => $"{pair.From} to {pair.To}")]));
        }

        if (report.Dropped.Count > 0)
        {
            facts.Add("left out", Names(report.Dropped));
        }

        if (!report.HoldsMetadata)
        {
            facts.Add("metadata", $"left out, lineage too: {report.TargetFormat} has no place for them");
        }

        facts.Add("loss", report.IsLossless ? "none" : Loss(report.Changed));
        facts.Write(writer);
        TensorError[] lossy = [.. report.Changed.Where(static tensor => !tensor.IsLossless)];
        if (lossy.Length > 0)
        {
            writer.WriteLine();
            (string, Func<TensorError, string>)[] overflows = lossy.Any(static tensor => tensor.Overflows > 0) ? [("overflows", static tensor => $"{tensor.Overflows:N0}")] : [];
            (string, Func<TensorError, string>)[] underflows = lossy.Any(static tensor => tensor.Underflows > 0) ? [("to zero", static tensor => $"{tensor.Underflows:N0}")] : [];
            WriteTensors(writer, lossy, [.. overflows, .. underflows], width);
        }
    }

    public static void WriteQuantization(TextWriter writer, OperationReport report, int? width)
    {
        WriteTensors(writer, report.Tensors, [("smaller", static tensor => Times(tensor))], width);
        writer.WriteLine();
        TensorError total = report.Total;
        TextTable facts = new();
        facts.Add("quantized", $"{report.Tensors.Count:N0} tensors, {ByteSize.Text(total.BytesBefore)} to {ByteSize.Text(total.BytesAfter)} ({Times(total)} smaller)");
        AddTotal(facts, report);
        facts.Write(writer);
    }

    public static void WritePruning(TextWriter writer, OperationReport report, int? width)
    {
        WriteTensors(writer, report.Tensors, [("zeros before", static tensor => Share(tensor.SparsityBefore)), ("after", static tensor => Share(tensor.SparsityAfter))], width);
        writer.WriteLine();
        TextTable facts = new();
        facts.Add("pruned", $"{report.Tensors.Count:N0} tensors: {Share(report.Total.SparsityAfter)} of {report.Total.Count:N0} weights are zero, {Share(report.Total.SparsityBefore)} before");
        AddTotal(facts, report);
        facts.Write(writer);
    }

    public static void Write(TextWriter writer, MergingReport report)
    {
        TextTable table = new();
        table.Add("the result against", "relative", "cosine", "dB");
        foreach (TensorError parent in report.Parents)
        {
            table.Add(parent.Name, Number(parent.Relative), Number(parent.Cosine), Decibel(parent));
        }

        table.Write(writer, 1, 2, 3);
        writer.WriteLine();
        TextTable facts = new();
        facts.Add("merged", $"{report.Tensors.Count:N0} tensors");
        if (report.Copied.Count > 0)
        {
            facts.Add("copied", $"{Names(report.Copied)} (whole numbers, from the first file)");
        }

        facts.Add("to", report.Path);
        facts.Write(writer);
    }

    private static void WriteTensors(TextWriter writer, IReadOnlyList<TensorError> tensors, IReadOnlyList<(string Title, Func<TensorError, string> Cell)> more, int? width)
    {
        TextTable table = new(width);
        table.Add(["tensor", "types", "max", "mean", "relative", "dB", .. more.Select(static column => column.Title)]);
        foreach (TensorError tensor in tensors.OrderByDescending(static tensor => tensor.Relative ?? double.PositiveInfinity).Take(ShownTensors))
        {
            string types = tensor.From == tensor.To ? tensor.To : $"{tensor.From} > {tensor.To}";
            table.Add([tensor.Name, types, NumberText.Short(tensor.Max), NumberText.Short(tensor.Mean), Number(tensor.Relative), Decibel(tensor), .. more.Select(column => column.Cell(tensor))]);
        }

        table.Write(writer, [.. Enumerable.Range(2, 4 + more.Count)]);
        if (tensors.Count > ShownTensors)
        {
            writer.WriteLine($"and {tensors.Count - ShownTensors:N0} with smaller errors; --json shows all.");
        }
    }

    private static void AddTotal(TextTable facts, OperationReport report)
    {
        TensorError total = report.Total;
        facts.Add("error", total.IsLossless ? "none" : $"relative {Number(total.Relative)}, {Decibel(total)} dB, cosine {Number(total.Cosine)}");
        if (report.Kept.Count > 0)
        {
            facts.Add("as they were", string.Join("; ", report.Kept.GroupBy(static pair => pair.Reason, StringComparer.Ordinal).Select(static group => $"{group.Count():N0} ({group.Key})")));
        }

        facts.Add("to", report.Path);
    }

    private static string Loss(IReadOnlyList<TensorError> changed)
    {
        TensorError[] lossy = [.. changed.Where(static tensor => !tensor.IsLossless)];
        long overflows = lossy.Sum(static tensor => tensor.Overflows);
        string warning = overflows > 0 ? $"; {overflows:N0} values are beyond the type's range" : string.Empty;
        return $"{lossy.Length:N0} of {changed.Count:N0} tensors of another type are rounded{warning}";
    }

    private static string Names(IReadOnlyList<string> names)
    {
        string more = names.Count > ShownNames ? $" and {names.Count - ShownNames:N0} more" : string.Empty;
        return $"{names.Count:N0}: {WeightText.Safe(string.Join(", ", names.Take(ShownNames)))}{more}";
    }

    private static string Times(TensorError tensor) => tensor.BytesAfter == 0 ? "-" : $"{(double)tensor.BytesBefore / tensor.BytesAfter:F2}x";

    private static string Share(double share) => $"{100 * share:F1} %";

    private static string Number(double? value) => value is double number ? NumberText.Short(number) : "-";

    private static string Decibel(TensorError tensor) => tensor.SignalToNoise is double noise ? $"{noise:F1}" : tensor.IsLossless ? "exact" : "-";
}
