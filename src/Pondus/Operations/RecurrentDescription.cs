using Pondus.Kernels;

namespace Pondus;

/// <summary>Says in ONNX's operators what a recurrent layer computes.</summary>
/// <remarks>ONNX orders the gates of an LSTM input, output, forget, cell, and those of a GRU update, reset, new; PyTorch input, forget, cell, output, and reset, update, new.</remarks>
internal static class RecurrentDescription
{
    /// <summary>Adds the operator for (time, batch, inputs) and gives one of its results: all outputs, the last ones, or the last cells.</summary>
    public static string Describe(GraphSketch sketch, RecurrentWeights[] directions, string x, int taken)
    {
        RecurrentWeights first = directions[0];
        (string type, int[] order) = first.Kind switch
        {
            RecurrentKind.Lstm => ("LSTM", new[] { 0, 3, 1, 2 }),
            RecurrentKind.Gru => ("GRU", new[] { 1, 0, 2 }),
            _ => ("RNN", new[] { 0 }),
        };
        int hidden = first.Hidden, gates = order.Length * hidden;
        List<SketchAttribute> attributes = [new("hidden_size", (long)hidden), new("direction", directions.Length > 1 ? "bidirectional" : "forward")];
        if (type == "GRU")
        {
            attributes.Add(new("linear_before_reset", 1L));
        }
        else if (first.Kind == RecurrentKind.Relu)
        {
            attributes.Add(new("activations", Enumerable.Repeat("Relu", directions.Length).ToArray()));
        }

        string[] inputs =
        [
            x,
            sketch.Constant([.. directions.SelectMany(d => Ordered(d.InputWeight.Values, order, hidden * first.Inputs))], [directions.Length, gates, first.Inputs]),
            sketch.Constant([.. directions.SelectMany(d => Ordered(d.HiddenWeight.Values, order, hidden * hidden))], [directions.Length, gates, hidden]),
            sketch.Constant([.. directions.SelectMany(d => Bias(d.InputBias, order, hidden).Concat(Bias(d.HiddenBias, order, hidden)))], [directions.Length, 2 * gates]),
        ];
        return sketch.Emit(type, inputs, [.. attributes], outputs: type == "LSTM" ? 3 : 2, taken);
    }

    private static float[] Bias(Parameter? bias, int[] order, int hidden) => bias is null ? new float[order.Length * hidden] : Ordered(bias.Values, order, hidden);

    private static float[] Ordered(ReadOnlySpan<float> values, int[] order, int each)
    {
        float[] ordered = new float[order.Length * each];
        for (int i = 0; i < order.Length; i++)
        {
            values.Slice(order[i] * each, each).CopyTo(ordered.AsSpan(i * each));
        }

        return ordered;
    }
}
