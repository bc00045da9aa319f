namespace Pondus.Onnx.Operators;

/// <summary>A convolution of integers whose zero points are subtracted, summed in 32 bits.</summary>
internal static class IntegerConvolution
{
    public static (int[] Sums, int[] Shape) Run(OnnxCall call, OnnxValue x, OnnxValue w, int xZero, int[] wZeros)
    {
        int rank = x.Rank - 2;
        long group = call.Int("group", 1);
        if (rank < 1 || w.Rank != x.Rank || group < 1 || w.Shape[0] % group != 0 || x.Shape[1] != w.Shape[1] * group)
        {
            throw call.Error($"expected (batch, channel, ...) and weights (out, channel / {group}, ...), got {x} and {w}.");
        }

        if (wZeros.Length != 1 && wZeros.Length != w.Shape[0])
        {
            throw call.Error($"expected 1 or {w.Shape[0]} zero points of weights, got {wZeros.Length}.");
        }

        Windows windows = Windows.Of(call, x.Shape[2..], w.Shape[2..]);
        if (!windows.Kernel.AsSpan().SequenceEqual(w.Shape.AsSpan(2)))
        {
            throw call.Error($"expected weights with windows of ({string.Join(", ", windows.Kernel)}), got {w}.");
        }

        int[] places = windows.Places(), input = Elements.Ints(x), weight = Weights(w, wZeros);
        int taps = Movement.Count(windows.Kernel), outputs = Movement.Count(windows.Outputs), size = Movement.Count(x.Shape.AsSpan(2));
        int channels = w.Shape[1], groupOut = w.Shape[0] / (int)group, depth = channels * taps;
        int[] shape = [x.Shape[0], w.Shape[0], .. windows.Outputs], y = new int[call.Product(shape)], columns = new int[call.Product([depth, outputs])];
        for (int part = 0; part < x.Shape[0] * group; part++)
        {
            for (int row = 0; row < depth; row++)
            {
                int start = ((part * channels) + (row / taps)) * size;
                ReadOnlySpan<int> from = places.AsSpan(row % taps * outputs, outputs);
                Span<int> to = columns.AsSpan(row * outputs, outputs);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = from[i] < 0 ? 0 : input[start + from[i]] - xZero;
                }
            }

            int firstOut = part % (int)group * groupOut;
            IntegerProduct.Add(weight.AsSpan(firstOut * depth, groupOut * depth), columns, y.AsSpan(part * groupOut * outputs, groupOut * outputs), groupOut, depth, outputs);
        }

        return (y, shape);
    }

    private static int[] Weights(OnnxValue w, int[] zeros)
    {
        int[] values = [.. Elements.Ints(w)];
        int row = w.Shape[0] == 0 ? 1 : Math.Max(1, values.Length / w.Shape[0]);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= zeros[zeros.Length == 1 ? 0 : i / row];
        }

        return values;
    }
}
