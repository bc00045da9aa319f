using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Activations, and the softmax family.</summary>
internal static class ActivationOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("Relu", static call => [FunctionTables.Map(call.Input(0), static x => x.Relu(), static x => x > 0 ? x : x is double.NaN ? x : 0)]);
        FunctionTables.Add(table, "Sigmoid", static x => x.Sigmoid(), static x => 1 / (1 + Math.Exp(-x)));
        FunctionTables.Add(table, "Tanh", static x => x.Tanh(), Math.Tanh);
        FunctionTables.Add(table, "HardSwish", static x => x.Hardswish(), static x => x * Math.Clamp((x / 6) + 0.5, 0, 1));
        FunctionTables.Add(table, "Softplus", static x => x.Softplus(), static x => Math.Log(1 + Math.Exp(-Math.Abs(x))) + Math.Max(x, 0));
        FunctionTables.Add(table, "Softsign", static x => x.Softsign(), static x => x / (1 + Math.Abs(x)));
        FunctionTables.Add(table, "Mish", static x => x.Mish(), static x => x * Math.Tanh(Math.Log(1 + Math.Exp(-Math.Abs(x))) + Math.Max(x, 0)));
        table.AddSingle("LeakyRelu", static call => [Map(call, x => x.LeakyRelu(call.Float("alpha", 0.01f)))]);
        table.AddSingle("Elu", static call => [Map(call, x => x.Elu(call.Float("alpha", 1f)))]);
        table.AddSingle("Celu", static call => [Map(call, x => Celu(x, call.Float("alpha", 1f)))]);
        table.AddSingle("Selu", static call => [Map(call, x => x.Elu(call.Float("alpha", 1.67326319217681884765625f)) * call.Float("gamma", 1.05070102214813232421875f))]);
        table.AddSingle("HardSigmoid", static call => [Map(call, x => HardSigmoid(x, call.Float("alpha", 0.2f), call.Float("beta", 0.5f)))]);
        table.AddSingle("Gelu", static call => [Map(call, x => call.Text("approximate", "none") == "tanh" ? x.GeluTanh() : x.Gelu())]);
        table.AddSingle("Swish", static call => [Map(call, x => Swish(x, call.Float("alpha", 1f)))]);
        table.AddSingle("ThresholdedRelu", static call => [Map(call, x => x * (x - call.Float("alpha", 1f)).Step())]);
        table.AddSingle("PRelu", static call => [ParametricRelu(call)]);
        table.AddSingle("Softmax", static call => [Normalize(call, static (x, axis) => x.Softmax(axis))]);
        table.AddSingle("LogSoftmax", static call => [Normalize(call, static (x, axis) => x.LogSoftmax(axis))]);
        table.AddSingle("Hardmax", static call => [Normalize(call, Hardmax)]);
    }

    /// <summary>A hard sigmoid of any slope.</summary>
    public static Tensor HardSigmoid(Tensor x, float alpha, float beta) => alpha == 1f / 6f && beta == 0.5f
        ? x.Hardsigmoid()
        : ((x * alpha) + beta).Relu().Minimum(Tensor.Full([], 1f));

    private static Tensor Swish(Tensor x, float alpha) => alpha == 1f ? x.Silu() : x * (x * alpha).Sigmoid();

    private static Tensor Celu(Tensor x, float alpha) => (x * (1 / alpha)).Elu() * alpha;

    private static OnnxValue Map(OnnxCall call, Func<Tensor, Tensor> function) =>
        call.Input(0) is { Type: OnnxType.Float, Count: 0 } empty ? empty : OnnxValue.Of(function(call.Input(0).AsTensor()));

    private static OnnxValue ParametricRelu(OnnxCall call)
    {
        OnnxValue x = call.Input(0), slope = call.Input(1);
        if (!EngineValues.Takes(x, slope))
        {
            // Integers and nothing at all are seldom enough.
            int[] shape = Broadcast.Shape(call, x, slope);
            double[] values = Broadcast.To(Elements.Doubles(x), x.Shape, shape), slopes = Broadcast.To(Elements.Doubles(slope), slope.Shape, shape);
            return Elements.OfDoubles(x.Type, [.. values.Select((value, i) => value < 0 ? value * slopes[i] : value)], shape);
        }

        if (slope.Rank == 1 && x.Rank > 1 && call.Opset < 7 && slope.Count > 1)
        {
            slope = slope.Reshaped([slope.Count, .. Enumerable.Repeat(1, x.Rank - 2)]);
        }

        Tensor input = x.AsTensor();
        return OnnxValue.Of(input.Relu() - (slope.AsTensor() * (-input).Relu()));
    }

    private static OnnxValue Normalize(OnnxCall call, Func<Tensor, int, Tensor> function)
    {
        OnnxValue x = call.Input(0);
        if (x.Count == 0 || x.Rank == 0)
        {
            return x.Count == 0 ? x : OnnxValue.Of(function(x.AsTensor().Reshape([1]), 0).Reshape([]));
        }

        // The old usual axis, 1, is behind the only one of a vector: each number is then a row.
        long given = call.Int("axis", call.Opset < 13 ? 1 : -1);
        int axis = call.Opset < 13 && given == x.Rank ? x.Rank : call.Axis(given, x.Rank);
        Tensor input = x.AsTensor();
        if (call.Opset >= 13)
        {
            return OnnxValue.Of(function(input, axis));
        }

        // Once all axes from the given one on were one.
        int outer = Movement.Count(x.Shape.AsSpan(0, axis));
        return OnnxValue.Of(function(input.Reshape([outer, x.Count / outer]), 1).Reshape(input.Shape));
    }

    private static Tensor Hardmax(Tensor x, int axis)
    {
        int size = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Rank);
        float[] values = x.ToArray(), result = new float[values.Length];
        for (int start = 0; start < values.Length; start++)
        {
            if (start / inner % size != 0)
            {
                continue;
            }

            int best = start;
            for (int i = 1; i < size; i++)
            {
                best = values[start + (i * inner)] > values[best] ? start + (i * inner) : best;
            }

            result[best] = 1f;
        }

        return Tensor.Of(result, x.Shape);
    }
}
