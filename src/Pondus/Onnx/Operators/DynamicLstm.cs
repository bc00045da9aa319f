namespace Pondus.Onnx.Operators;

/// <summary>onnxruntime's LSTM whose weights are 8-bit integers and whose inputs are quantized as they come.</summary>
/// <remarks>
/// Shapes: x (time, batch, in); w (direction, in, 4 hidden) and r (direction, hidden, 4 hidden), gates in the order input, output, forget, cell;
/// y (time, direction, batch, hidden). All of x is quantized with one scale, the hidden state of each step with its own.
/// </remarks>
internal static class DynamicLstm
{
    internal static void Register(OnnxOperators table) => table.Add(MicrosoftOperators.Domain, "DynamicQuantizeLSTM", Run);

    private static OnnxValue?[] Run(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 3, "time, batch, in"), w = call.InputOfRank(1, 3, "direction, in, 4 hidden"), r = call.InputOfRank(2, 3, "direction, hidden, 4 hidden");
        int steps = x.Shape[0], batch = x.Shape[1], hidden = r.Shape[1], directions = w.Shape[0];
        if (w.Shape[1] != x.Shape[2] || w.Shape[2] != 4L * hidden || !r.Shape.AsSpan().SequenceEqual([directions, hidden, 4 * hidden]))
        {
            throw call.Error($"expected weights (direction, in, 4 hidden) and (direction, hidden, 4 hidden) for {x}, got {w} and {r}.");
        }

        string direction = call.Text("direction", "forward");
        if (directions != (direction == "bidirectional" ? 2 : 1) || call.Int("input_forget", 0) != 0 || call.Has("activations") || call.Has("clip"))
        {
            throw call.Error($"expected direction {direction} with {directions} sets of weights and the usual gates, got other settings.");
        }

        int[] lengths = call.Optional(4) is { } given ? Elements.Ints(given) : [.. Enumerable.Repeat(steps, batch)];
        float[]? bias = Optional(call, 3, directions * 8 * hidden), peephole = Optional(call, 7, directions * 3 * hidden);
        float[]? h0 = Optional(call, 5, directions * batch * hidden), c0 = Optional(call, 6, directions * batch * hidden);
        if (lengths.Length != batch || Array.Exists(lengths, length => length < 0 || length > steps))
        {
            throw call.Error($"expected {batch} lengths of at most {steps}, got {string.Join(", ", lengths)}.");
        }

        float[] y = new float[call.Product([steps, directions, batch, hidden])], yh = new float[directions * batch * hidden], yc = new float[yh.Length];
        h0?.CopyTo(yh, 0);
        c0?.CopyTo(yc, 0);
        for (int d = 0; d < directions; d++)
        {
            float[] input = Product(call, x.Reshaped(steps * batch, x.Shape[2]), w, d, 8);
            bool isReverse = direction == "reverse" || d == 1;
            Span<float> h = yh.AsSpan(d * batch * hidden, batch * hidden), c = yc.AsSpan(d * batch * hidden, batch * hidden);
            for (int step = 0; step < steps; step++)
            {
                float[] state = Product(call, OnnxValue.Of(h.ToArray(), batch, hidden), r, d, 10);
                for (int n = 0; n < batch; n++)
                {
                    if (step >= lengths[n])
                    {
                        continue;
                    }

                    int time = isReverse ? lengths[n] - 1 - step : step;
                    ReadOnlySpan<float> fromInput = input.AsSpan(((time * batch) + n) * 4 * hidden, 4 * hidden), fromState = state.AsSpan(n * 4 * hidden, 4 * hidden);
                    Span<float> hidden1 = h.Slice(n * hidden, hidden), cell = c.Slice(n * hidden, hidden);
                    for (int i = 0; i < hidden; i++)
                    {
                        float old = cell[i];
                        float inGate = Sigmoid(Gate(fromInput, fromState, 0, i) + Look(0, old, i)), forget = Sigmoid(Gate(fromInput, fromState, 2, i) + Look(2, old, i));
                        cell[i] = (forget * old) + (inGate * MathF.Tanh(Gate(fromInput, fromState, 3, i)));
                        hidden1[i] = Sigmoid(Gate(fromInput, fromState, 1, i) + Look(1, cell[i], i)) * MathF.Tanh(cell[i]);
                    }

                    hidden1.CopyTo(y.AsSpan(((((time * directions) + d) * batch) + n) * hidden));
                }
            }

            float Gate(ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, int gate, int i)
            {
                int at = (gate * hidden) + i, start = d * 8 * hidden;
                return fromInput[at] + fromState[at] + (bias is null ? 0 : bias[start + at] + bias[start + (4 * hidden) + at]);
            }

            float Look(int gate, float cell, int i) => peephole is null ? 0 : peephole[(((d * 3) + gate) * hidden) + i] * cell;
        }

        return [OnnxValue.Of(y, steps, directions, batch, hidden), OnnxValue.Of(yh, directions, batch, hidden), OnnxValue.Of(yc, directions, batch, hidden)];
    }

    /// <summary>The product with the quantized weights of a direction, whose scale and zero point are at two inputs: one each, or one a column.</summary>
    private static float[] Product(OnnxCall call, OnnxValue x, OnnxValue weights, int direction, int scaleIndex)
    {
        int rows = weights.Shape[1], columns = weights.Shape[2];
        OnnxValue w = Movement.Slice(weights, 0, direction, 1).Reshaped(rows, columns);
        (byte[] steps, float scale, byte zero) = QuantizeOperators.Dynamic(x.Data<float>());
        OnnxValue scales = OfDirection(call.Input(scaleIndex));
        OnnxValue? zeros = call.Optional(scaleIndex + 1) is { } given ? OfDirection(given) : null;
        (int[] sums, _) = IntegerOperators.Multiply(call, OnnxValue.Of(steps, x.Shape), w, OnnxValue.Scalar(zero), zeros);
        float[] scaleOf = Elements.Singles(scales), y = new float[sums.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = sums[i] * (scale * scaleOf[scaleOf.Length == 1 ? 0 : i % columns]);
        }

        return y;

        OnnxValue OfDirection(OnnxValue value)
        {
            int count = value.Count / weights.Shape[0];
            return value.Rank > 0 && value.Shape[0] == weights.Shape[0] && (count == 1 || count == columns)
                ? Movement.Slice(value, 0, direction, 1).Reshaped(count)
                : throw call.Error($"expected a scale and zero point for each direction and perhaps column, got {value}.");
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static float[]? Optional(OnnxCall call, int index, int count) => call.Optional(index) is not { } value
        ? null
        : value.Count == count ? value.Data<float>() : throw call.Error($"expected {count} numbers in input {index}, got {value}.");
}
