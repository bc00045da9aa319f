using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Cli.Output;

/// <summary>Shows what a graph wants, and what it gave.</summary>
internal static class GraphText
{
    /// <summary>Prints inputs, outputs and the kinds of nodes.</summary>
    public static void Describe(CommandContext context, string path, OnnxNetwork network, bool json)
    {
        GraphOutput description = new(
            path,
            $"{network.Model.ProducerName} {network.Model.ProducerVersion}".Trim(),
            network.Model.Opsets.ToDictionary(static pair => pair.Key.Length == 0 ? "ai.onnx" : pair.Key, static pair => pair.Value, StringComparer.Ordinal),
            network.Parameters.Sum(static parameter => (long)parameter.Count),
            network.Model.Graph.Nodes.Count,
            [.. network.Inputs.Select(Slot)],
            [.. network.Outputs.Select(Slot)]);
        if (json)
        {
            OutputJson.Print(context.Out, description, OutputJson.Default.GraphOutput);
            return;
        }

        context.Out.WriteLine($"{path}: {description.Nodes} nodes, {description.Parameters} parameters, {WeightText.Safe(string.Join(", ", description.Opsets.Select(static pair => $"{pair.Key} {pair.Value}")))}");
        TextTable table = new();
        foreach (GraphSlot slot in description.Inputs)
        {
            table.Add("input", slot.Name, slot.DataType, $"({string.Join(", ", slot.Shape ?? ["..."])})");
        }

        foreach (GraphSlot slot in description.Outputs)
        {
            table.Add("output", slot.Name, slot.DataType, slot.Shape is null ? string.Empty : $"({string.Join(", ", slot.Shape)})");
        }

        table.Write(context.Out);
    }

    /// <summary>Prints each output with its range.</summary>
    public static void Show(CommandContext context, IReadOnlyList<(string Name, OnnxValue Value)> values, bool json)
    {
        List<GraphValue> rows = [.. values.Select(static pair => Row(pair.Name, pair.Value))];
        if (json)
        {
            OutputJson.Print(context.Out, new GraphRunOutput(rows), OutputJson.Default.GraphRunOutput);
            return;
        }

        TextTable table = new();
        table.Add("output", "dtype", "shape", "min", "max", "mean", "first values");
        foreach ((GraphValue row, (string _, OnnxValue value)) in rows.Zip(values))
        {
            table.Add(row.Name, row.DataType, $"({string.Join(", ", row.Shape)})", Number(row.Min), Number(row.Max), Number(row.Mean), First(value));
        }

        table.Write(context.Out, 3, 4, 5);
    }

    private static string First(OnnxValue value)
    {
        const int shown = 4;
        IEnumerable<string> texts = value.HasNumbers ? Numbers(value).Take(shown).Select(static x => NumberText.Short(x)) : value.Data<string>().Take(shown);
        return string.Join(' ', texts) + (value.Count > shown ? " ..." : string.Empty);
    }

    private static string Number(double? value) => value is { } number ? NumberText.Short(number) : "-";

    private static float[] Numbers(OnnxValue value) => value.ToEntry("value").ReadSingle();

    private static GraphValue Row(string name, OnnxValue value)
    {
        if (!value.HasNumbers)
        {
            return new GraphValue(name, value.Shape, OnnxTypes.Name(value.Type), null, null, null, null);
        }

        WeightEntry entry = value.ToEntry(name);
        float[] numbers = entry.DataType.StartsWith("complex", StringComparison.Ordinal) ? [] : entry.ReadSingle();
        bool any = numbers.Length > 0;
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entry.ReadBytes()));
        return new GraphValue(name, value.Shape, entry.DataType, digest, any ? numbers.Min() : null, any ? numbers.Max() : null, any ? numbers.Average(static x => (double)x) : null);
    }

    private static GraphSlot Slot(OnnxValueInfo info) => new(
        info.Name,
        info.TypeInfo is { Dims: not null } tensor ? OnnxTypes.Name(tensor.Type) : info.TypeInfo?.ToString() ?? "unknown",
        info.TypeInfo?.Dims?.Select(static dim => dim.ToString()).ToList());
}
