namespace Pondus.Onnx.Operators;

/// <summary>Products and convolutions of quantized numbers, summed exactly in 32 bits.</summary>
internal static class IntegerOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("MatMulInteger", static call =>
        {
            (int[] sums, int[] shape) = Multiply(call, call.Input(0), call.Input(1), call.Optional(2), call.Optional(3));
            return [OnnxValue.Of(sums, shape)];
        });
        table.Add("QLinearMatMul", MultiplyAndQuantize);
        table.Add("ConvInteger", Convolve);
        table.Add("QLinearConv", ConvolveAndQuantize);
        table.Add(MicrosoftOperators.Domain, "QGemm", Gemm);
        table.Add(MicrosoftOperators.Domain, "MatMulIntegerToFloat", MultiplyToFloat);
        table.Add(MicrosoftOperators.Domain, "DynamicQuantizeMatMul", MultiplyDynamic);
    }

    /// <summary>The product with zero points subtracted: those of a are one or one a row, those of b one or one a column.</summary>
    internal static (int[] Sums, int[] Shape) Multiply(OnnxCall call, OnnxValue a, OnnxValue b, OnnxValue? aZero, OnnxValue? bZero)
    {
        MatMulPlan plan = new(call, a, b);
        OnnxValue? rows = aZero is { Rank: 1, Count: > 1 } && a.Rank > 1 ? aZero.Reshaped(aZero.Count, 1) : aZero;
        return (plan.Multiply(Shifted(call, a, rows), Shifted(call, b, bZero)), plan.Shape);
    }

    private static int[] Shifted(OnnxCall call, OnnxValue x, OnnxValue? zero)
    {
        int[] values = Elements.Ints(x);
        if (zero is null)
        {
            return values;
        }

        if (!Broadcast.Shape(call, x, zero).AsSpan().SequenceEqual(x.Shape))
        {
            throw call.Error($"expected zero points that repeat to {x}, got {zero}.");
        }

        int[] zeros = Broadcast.To(Elements.Ints(zero), zero.Shape, x.Shape), y = new int[values.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = values[i] - zeros[i];
        }

        return y;
    }

    private static OnnxValue?[] MultiplyAndQuantize(OnnxCall call)
    {
        (int[] sums, int[] shape) = Multiply(call, call.Input(0), call.Input(3), call.Optional(2), call.Optional(5));
        float[] aScale = Elements.Singles(call.Input(1)), bScale = Elements.Singles(call.Input(4)), yScale = Elements.Singles(call.Input(6));
        int[] yZero = Elements.Ints(call.Input(7));
        int columns = call.Input(3).Rank == 1 ? 1 : shape[^1], rows = call.Input(0).Rank == 1 ? 1 : shape[^(call.Input(3).Rank == 1 ? 1 : 2)];
        double[] y = new double[sums.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / Math.Max(1, columns) % Math.Max(1, rows), column = i % Math.Max(1, columns);
            float scale = Of(call, aScale, row) * Of(call, bScale, column) / Of(call, yScale, row);
            y[i] = Math.Round(sums[i] * scale) + (yZero.Length == 1 ? yZero[0] : yZero[row % yZero.Length]);
        }

        return [Elements.OfDoubles(call.Input(7).Type, y, shape)];
    }

    private static OnnxValue?[] Convolve(OnnxCall call)
    {
        int xZero = call.Optional(2) is { } zero ? (int)call.Integer(zero) : 0;
        (int[] sums, int[] shape) = IntegerConvolution.Run(call, call.Input(0), call.Input(1), xZero, call.Optional(3) is { } zeros ? Elements.Ints(zeros) : [0]);
        return [OnnxValue.Of(sums, shape)];
    }

    private static OnnxValue?[] ConvolveAndQuantize(OnnxCall call)
    {
        float xScale = (float)call.Number(call.Input(1)), yScale = (float)call.Number(call.Input(6));
        float[] wScales = Elements.Singles(call.Input(4));
        int yZero = (int)call.Integer(call.Input(7));
        (int[] sums, int[] shape) = IntegerConvolution.Run(call, call.Input(0), call.Input(3), (int)call.Integer(call.Input(2)), Elements.Ints(call.Input(5)));
        int[]? bias = call.Optional(8) is { } given ? Elements.Ints(given) : null;
        int channels = shape[1], size = Movement.Inner(shape, 1);
        if ((wScales.Length != 1 && wScales.Length != channels) || (bias is not null && bias.Length != channels))
        {
            throw call.Error($"expected scales and bias for {channels} channels, got {call.Input(4)} and {call.Optional(8)}.");
        }

        double[] y = new double[sums.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / size % channels;
            float scale = xScale * wScales[wScales.Length == 1 ? 0 : channel] / yScale;
            y[i] = Math.Round(unchecked(sums[i] + (bias?[channel] ?? 0)) * scale) + yZero;
        }

        return [Elements.OfDoubles(call.Input(7).Type, y, shape)];
    }

    /// <summary>α a b + c in quantized numbers: a, b and c of 32 bits; the result is quantized if a scale for it is given, else float.</summary>
    private static OnnxValue?[] Gemm(OnnxCall call)
    {
        OnnxValue a = call.InputOfRank(0, 2, "rows, depth"), b = call.InputOfRank(3, 2, "depth, columns");
        if (call.Int("transA", 0) != 0)
        {
            a = Movement.Transposed(a);
        }

        OnnxValue bZero = call.Input(5);
        if (call.Int("transB", 0) != 0)
        {
            b = Movement.Transposed(b);
        }

        (int[] sums, int[] shape) = Multiply(call, a, b, call.Optional(2), bZero);
        float alpha = call.Float("alpha", 1), aScale = (float)call.Number(call.Input(1));
        float[] bScales = Elements.Singles(call.Input(4));
        int[]? bias = call.Optional(6) is { } c ? Broadcast.To(Elements.Ints(c), c.Shape, shape) : null;
        int columns = Math.Max(1, shape[^1]);
        float[] y = new float[sums.Length];
        float yScale = call.Optional(7) is { } given ? (float)call.Number(given) : 1;
        for (int i = 0; i < y.Length; i++)
        {
            // The scale first, as in onnxruntime: sums are 32-bit integers.
            y[i] = unchecked(sums[i] + (bias?[i] ?? 0)) * (alpha * aScale * Of(call, bScales, i % columns) / yScale);
        }

        if (call.Optional(7) is null)
        {
            return [OnnxValue.Of(y, shape)];
        }

        int zero = call.Optional(8) is { } yZero ? (int)call.Integer(yZero) : 0;
        return [Elements.OfDoubles(call.Optional(8)?.Type ?? a.Type, Array.ConvertAll(y, x => Math.Round((double)x) + zero), shape)];
    }

    private static OnnxValue?[] MultiplyToFloat(OnnxCall call) =>
        [Scaled(call, Multiply(call, call.Input(0), call.Input(1), call.Optional(4), call.Optional(5)), (float)call.Number(call.Input(2)), call.Input(3), call.Optional(6))];

    /// <summary>Quantizes a as it comes, multiplies by quantized weights and scales back.</summary>
    private static OnnxValue?[] MultiplyDynamic(OnnxCall call)
    {
        OnnxValue a = call.Input(0);
        (byte[] steps, float scale, byte zero) = QuantizeOperators.Dynamic(a.Data<float>());
        (int[], int[]) product = Multiply(call, OnnxValue.Of(steps, a.Shape), call.Input(1), OnnxValue.Scalar(zero), call.Optional(3));
        return [Scaled(call, product, scale, call.Input(2), call.Optional(4))];
    }

    private static OnnxValue Scaled(OnnxCall call, (int[] Sums, int[] Shape) product, float aScale, OnnxValue bScale, OnnxValue? bias)
    {
        float[] scales = Elements.Singles(bScale), y = new float[product.Sums.Length];
        float[]? added = bias is null ? null : Broadcast.To(Elements.Singles(bias), bias.Shape, product.Shape);
        int columns = Math.Max(1, product.Shape.LastOrDefault(1));
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (product.Sums[i] * (aScale * Of(call, scales, i % columns))) + (added?[i] ?? 0);
        }

        return OnnxValue.Of(y, product.Shape);
    }

    private static float Of(OnnxCall call, float[] scales, int index) => scales.Length == 1
        ? scales[0]
        : index < scales.Length ? scales[index] : throw call.Error($"expected a scale for each of {index + 1} rows or columns, got {scales.Length}.");
}
