namespace Pondus.Onnx.Operators;

/// <summary>Less common normalizations.</summary>
internal static class NormOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("LRN", LocalResponse);
        table.Add("LpNormalization", LpNormalization);
        table.Add("MeanVarianceNormalization", MeanVariance);
    }

    /// <summary>x / (bias + α/size Σ x²)^β, the sum over neighboring channels.</summary>
    private static OnnxValue?[] LocalResponse(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank < 3)
        {
            throw call.Error($"expected (batch, channel, ...), got {x}.");
        }

        int size = call.Size(call.Int("size", 1)), channels = x.Shape[1], inner = Movement.Inner(x.Shape, 1), before = (size - 1) / 2, after = size / 2;
        double alpha = call.Float("alpha", 1e-4f) / Math.Max(1, size), beta = call.Float("beta", 0.75f), bias = call.Float("bias", 1);
        double[] values = Elements.Doubles(x), y = new double[values.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / inner % channels;
            double sum = 0;
            for (int c = Math.Max(0, channel - before); c <= Math.Min(channels - 1, channel + after); c++)
            {
                double value = values[i + ((c - channel) * inner)];
                sum += value * value;
            }

            y[i] = values[i] / Math.Pow(bias + (alpha * sum), beta);
        }

        return [Elements.OfDoubles(x.Type, y, x.Shape)];
    }

    /// <summary>x / (Σ |x|^p)^(1/p) along an axis; p is 1 or 2.</summary>
    private static OnnxValue?[] LpNormalization(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Rank), size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
        bool isEuclidean = call.Int("p", 2) == 2;
        double[] y = Elements.Doubles(x);
        for (int line = 0; line < y.Length / Math.Max(1, size); line++)
        {
            int start = (line / inner * size * inner) + (line % inner);
            double sum = 0;
            for (int i = 0; i < size; i++)
            {
                double value = Math.Abs(y[start + (i * inner)]);
                sum += isEuclidean ? value * value : value;
            }

            double norm = isEuclidean ? Math.Sqrt(sum) : sum;
            for (int i = 0; i < size && norm != 0; i++)
            {
                y[start + (i * inner)] /= norm;
            }
        }

        return [Elements.OfDoubles(x.Type, y, x.Shape)];
    }

    /// <summary>(x - mean) / (deviation + 1e-9) over axes, by default all but the channel.</summary>
    private static OnnxValue?[] MeanVariance(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool[] isOver = new bool[x.Rank];
        foreach (long axis in call.Ints("axes") ?? [0, 2, 3])
        {
            isOver[call.Axis(axis, x.Rank)] = true;
        }

        int[] kept = [.. x.Shape.Select((size, axis) => isOver[axis] ? 1 : size)], places = Broadcast.Places(kept, x.Shape);
        double[] values = Elements.Doubles(x), sums = new double[Movement.Count(kept)], squares = new double[sums.Length];
        double count = values.Length / (double)Math.Max(1, sums.Length);
        for (int i = 0; i < values.Length; i++)
        {
            sums[places[i]] += values[i];
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= sums[places[i]] / count;
            squares[places[i]] += values[i] * values[i];
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] /= Math.Sqrt(squares[places[i]] / count) + 1e-9;
        }

        return [Elements.OfDoubles(x.Type, values, x.Shape)];
    }
}
