namespace Pondus.Onnx.Operators;

/// <summary>onnxruntime's operators between quantized numbers: each computes in single precision and quantizes the result.</summary>
internal static class QLinearOperators
{
    internal static void Register(OnnxOperators table)
    {
        Add("QLinearAdd", static call => Combine(call, static (a, b) => a + b));
        Add("QLinearMul", static call => Combine(call, static (a, b) => a * b));
        Add("QLinearSigmoid", static call => Map(call, static x => 1 / (1 + MathF.Exp(-x))));
        Add("QLinearLeakyRelu", static call =>
        {
            float slope = call.Float("alpha", 0.01f);
            return Map(call, x => x < 0 ? slope * x : x);
        });
        Add("QLinearSoftmax", Softmax);
        Add("QLinearGlobalAveragePool", GlobalPool);
        Add("QLinearAveragePool", Pool);
        Add("QLinearReduceMean", Mean);
        Add("QLinearConcat", Concat);
        Add("QLinearWhere", Where);

        void Add(string type, OnnxOperator operation) => table.Add(MicrosoftOperators.Domain, type, operation);
    }

    /// <summary>Input <paramref name="index"/> as numbers; its scale and zero point follow it.</summary>
    private static float[] Real(OnnxCall call, int index) =>
        Quantization.Of(call, call.Input(index).Type, call.Input(index + 1), call.Optional(index + 2)).Dequantize(call.Input(index));

    /// <summary>Results as steps of the scale at an input, with the zero point behind it.</summary>
    private static OnnxValue?[] Steps(OnnxCall call, int scaleIndex, float[] y, int[] shape) =>
        [Quantization.Of(call, call.Optional(scaleIndex + 1)?.Type ?? call.Input(0).Type, call.Input(scaleIndex), call.Optional(scaleIndex + 1)).Quantize(y, shape)];

    private static OnnxValue?[] Map(OnnxCall call, Func<float, float> function) =>
        Steps(call, 3, Array.ConvertAll(Real(call, 0), x => function(x)), call.Input(0).Shape);

    private static OnnxValue?[] Combine(OnnxCall call, Func<float, float, float> function)
    {
        int[] shape = Broadcast.Shape(call, call.Input(0), call.Input(3));
        float[] a = Broadcast.To(Real(call, 0), call.Input(0).Shape, shape), b = Broadcast.To(Real(call, 3), call.Input(3).Shape, shape), y = new float[a.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = function(a[i], b[i]);
        }

        return Steps(call, 6, y, shape);
    }

    private static OnnxValue?[] Softmax(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        // Before opset 13 all axes from the given one on are taken together.
        bool isFlat = call.Int("opset", 13) < 13;
        int axis = call.Axis(call.Int("axis", isFlat ? 1 : -1), x.Rank), inner = isFlat ? 1 : Movement.Inner(x.Shape, axis), size = isFlat ? Movement.Count(x.Shape.AsSpan(axis)) : x.Shape[axis];
        float[] y = Real(call, 0);
        for (int line = 0; line < y.Length / Math.Max(1, size); line++)
        {
            int start = (line / inner * size * inner) + (line % inner);
            float largest = float.NegativeInfinity, sum = 0;
            for (int i = 0; i < size; i++)
            {
                largest = MathF.Max(largest, y[start + (i * inner)]);
            }

            for (int i = 0; i < size; i++)
            {
                ref float value = ref y[start + (i * inner)];
                value = MathF.Exp(value - largest);
                sum += value;
            }

            for (int i = 0; i < size; i++)
            {
                y[start + (i * inner)] /= sum;
            }
        }

        return Steps(call, 3, y, x.Shape);
    }

    private static OnnxValue?[] GlobalPool(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool isLast = call.Int("channels_last", 0) != 0;
        return Mean(call, [.. Enumerable.Range(0, x.Rank).Where(axis => axis > 0 && axis != (isLast ? x.Rank - 1 : 1))], keep: true);
    }

    private static OnnxValue?[] Mean(OnnxCall call)
    {
        int rank = call.Input(0).Rank;
        int[] axes = call.Ints("axes") is { Length: > 0 } given ? Array.ConvertAll(given, axis => call.Axis(axis, rank)) : [.. Enumerable.Range(0, rank)];
        return Mean(call, axes, call.Int("keepdims", 1) != 0);
    }

    private static OnnxValue?[] Mean(OnnxCall call, int[] axes, bool keep)
    {
        OnnxValue x = call.Input(0);
        int[] kept = [.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)], places = Broadcast.Places(kept, x.Shape);
        float[] values = Real(call, 0);
        double[] sums = new double[Movement.Count(kept)];
        for (int i = 0; i < values.Length; i++)
        {
            sums[places[i]] += values[i];
        }

        double count = values.Length / (double)Math.Max(1, sums.Length);
        int[] shape = keep ? kept : [.. x.Shape.Where((_, axis) => !axes.Contains(axis))];
        return Steps(call, 3, Array.ConvertAll(sums, sum => (float)(sum / count)), shape);
    }

    private static OnnxValue?[] Pool(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank < 3 || call.Int("channels_last", 0) != 0)
        {
            throw call.Error($"expected (batch, channel, ...), got {x} with channels_last {call.Int("channels_last", 0)}.");
        }

        Windows windows = Windows.Of(call, x.Shape[2..]);
        int[] places = windows.Places(), shape = [x.Shape[0], x.Shape[1], .. windows.Outputs];
        int taps = Movement.Count(windows.Kernel), outputs = Movement.Count(windows.Outputs), size = Movement.Inner(x.Shape, 1);
        bool countPads = call.Int("count_include_pad", 0) != 0;
        float[] values = Real(call, 0), y = new float[call.Product(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int seen = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                int place = places[(tap * outputs) + (i % outputs)];
                if (place >= 0)
                {
                    y[i] += values[(i / outputs * size) + place];
                    seen++;
                }
            }

            y[i] /= Math.Max(1, countPads ? taps : seen);
        }

        return Steps(call, 3, y, shape);
    }

    /// <summary>Inputs are the result's scale and zero point, then three for each part.</summary>
    private static OnnxValue?[] Concat(OnnxCall call)
    {
        List<OnnxValue> parts = [];
        for (int i = 2; i < call.Inputs.Count; i += 3)
        {
            parts.Add(OnnxValue.Of(Real(call, i), call.Input(i).Shape));
        }

        if (parts.Count == 0)
        {
            throw call.Error("expected parts to join, got none.");
        }

        OnnxValue y = Movement.Concat(call, parts, call.Axis(call.Int("axis", 0), parts[0].Rank));
        return [Quantization.Of(call, call.Input(1).Type, call.Input(0), call.Input(1)).Quantize(y.Data<float>(), y.Shape)];
    }

    private static OnnxValue?[] Where(OnnxCall call)
    {
        int[] shape = Broadcast.Shape(call, call.Input(0), call.Input(1), call.Input(4));
        bool[] choice = Broadcast.To(call.Input(0).Data<bool>(), call.Input(0).Shape, shape);
        float[] a = Broadcast.To(Real(call, 1), call.Input(1).Shape, shape), b = Broadcast.To(Real(call, 4), call.Input(4).Shape, shape), y = new float[a.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = choice[i] ? a[i] : b[i];
        }

        return [Quantization.Of(call, call.Optional(8)?.Type ?? call.Input(1).Type, call.Input(7), call.Optional(8)).Quantize(y, shape)];
    }
}
