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
            table.Add(row.Name, row.DataType, $"({string.Join(", ", row.Shape)})", Number(row.Min, IsWhole(value)), Number(row.Max, IsWhole(value)), Number(row.Mean), First(value));
        }

        table.Write(context.Out, 3, 4, 5);
    }

    private static string First(OnnxValue value)
    {
        const int shown = 4;
        IEnumerable<string> texts = value.HasNumbers ? Numbers(value).Take(shown).Select(x => Number(x, IsWhole(value))) : value.Data<string>().Take(shown);
        return string.Join(' ', texts) + (value.Count > shown ? " ..." : string.Empty);
    }

    private static string Number(double? value, bool isWhole = false) =>
        value is not { } number ? "-" : isWhole ? number.ToString("F0", System.Globalization.CultureInfo.InvariantCulture) : NumberText.Short(number);

    private static bool IsWhole(OnnxValue value) => value.Type is OnnxType.Int64 or OnnxType.Int32 or OnnxType.Int16 or OnnxType.Int8 or OnnxType.UInt64 or OnnxType.UInt32 or OnnxType.UInt16 or OnnxType.UInt8 or OnnxType.Bool;

    // Token numbers and float64 are more exact than float32; complex numbers have no order.
    private static double[] Numbers(OnnxValue value) => value.Type switch
    {
        OnnxType.Int64 => Array.ConvertAll(value.Data<long>(), static x => (double)x),
        OnnxType.Int32 => Array.ConvertAll(value.Data<int>(), static x => (double)x),
        OnnxType.Double => value.Data<double>(),
        OnnxType.Complex64 or OnnxType.Complex128 => [],
        _ => Array.ConvertAll(value.ToEntry("value").ReadSingle(), static x => (double)x),
    };

    private static GraphValue Row(string name, OnnxValue value)
    {
        if (!value.HasNumbers)
        {
            return new GraphValue(name, value.Shape, OnnxTypes.Name(value.Type), null, null, null, null);
        }

        WeightEntry entry = value.ToEntry(name);
        double[] numbers = Numbers(value);
        bool any = numbers.Length > 0;
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entry.ReadBytes()));
        return new GraphValue(name, value.Shape, entry.DataType, digest, any ? numbers.Min() : null, any ? numbers.Max() : null, any ? numbers.Average() : null);
    }

    private static GraphSlot Slot(OnnxValueInfo info) => new(
        info.Name,
        info.TypeInfo is { Dims: not null } tensor ? OnnxTypes.Name(tensor.Type) : info.TypeInfo?.ToString() ?? "unknown",
        info.TypeInfo?.Dims?.Select(static dim => dim.ToString()).ToList());
}
