namespace Pondus.Onnx.Operators;

/// <summary>Less common operators on windows: norms, unpooling, columns to pictures, deformable convolution.</summary>
internal static class WindowOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("LpPool", Pool);
        table.Add("GlobalLpPool", GlobalPool);
        table.Add("MaxUnpool", Unpool);
        table.Add("Col2Im", ColumnsToPicture);
        table.Add("DeformConv", DeformConv);
    }

    /// <summary>(Σ |x|^p)^(1/p) of each window.</summary>
    private static OnnxValue?[] Pool(OnnxCall call)
    {
        OnnxValue x = Spatial(call, 0);
        Windows windows = Windows.Of(call, x.Shape[2..]);
        // Opset 1 has p as a float.
        double p = call.Opset < 2 ? call.Float("p", 2) : call.Int("p", 2);
        int[] places = windows.Places();
        int taps = Movement.Count(windows.Kernel), outputs = Movement.Count(windows.Outputs), size = Movement.Inner(x.Shape, 1);
        int[] shape = [x.Shape[0], x.Shape[1], .. windows.Outputs];
        double[] values = Elements.Doubles(x), y = new double[call.Product(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int start = i / outputs * size;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                int place = places[(tap * outputs) + (i % outputs)];
                sum += place < 0 ? 0 : Math.Pow(Math.Abs(values[start + place]), p);
            }

            y[i] = Math.Pow(sum, 1 / p);
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    private static OnnxValue?[] GlobalPool(OnnxCall call)
    {
        OnnxValue x = Spatial(call, 0);
        double p = call.Opset < 2 ? call.Float("p", 2) : call.Int("p", 2);
        int size = Movement.Inner(x.Shape, 1);
        int[] shape = [x.Shape[0], x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)];
        double[] values = Elements.Doubles(x), y = new double[call.Product(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < size; j++)
            {
                sum += Math.Pow(Math.Abs(values[(i * size) + j]), p);
            }

            y[i] = Math.Pow(sum, 1 / p);
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    /// <summary>Puts pooled values back where they came from; the indices count in the picture that pooling would have had.</summary>
    private static OnnxValue?[] Unpool(OnnxCall call)
    {
        OnnxValue x = Spatial(call, 0);
        int rank = x.Rank - 2;
        long[] kernel = call.Ints("kernel_shape") ?? [], strides = call.Ints("strides") ?? [.. Enumerable.Repeat(1L, rank)], pads = call.Ints("pads") ?? new long[2 * rank];
        if (kernel.Length != rank || strides.Length != rank || pads.Length != 2 * rank)
        {
            throw call.Error($"expected kernel_shape and strides of {rank} sizes and {2 * rank} pads, got {kernel.Length}, {strides.Length} and {pads.Length}.");
        }

        int[] inferred = [x.Shape[0], x.Shape[1], .. Enumerable.Range(0, rank).Select(i => call.Size(((x.Shape[i + 2] - 1) * strides[i]) + kernel[i] - pads[i] - pads[rank + i]))];
        int[] shape = call.Optional(2) is { } given ? Array.ConvertAll(given.Integers(), size => call.Size(size)) : inferred;
        int size = call.Product(inferred);
        if (shape.Length != x.Rank)
        {
            throw call.Error($"expected an output_shape of {x.Rank} sizes, got {shape.Length}.");
        }

        int[] from = new int[call.Product(shape)];
        Array.Fill(from, -1);
        long[] index = call.Input(1).Integers();
        for (int i = 0; i < x.Count; i++)
        {
            int rest = call.Index(index[i], size), place = 0, stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int at = rest % inferred[axis];
                rest /= inferred[axis];
                place += call.Index(at, shape[axis]) * stride;
                stride *= shape[axis];
            }

            from[place] = i;
        }

        return [Movement.Pick(x, shape, from)];
    }

    /// <summary>Adds columns of windows up into the picture they were cut from.</summary>
    private static OnnxValue?[] ColumnsToPicture(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 3, "batch, channel * window, windows");
        int[] picture = Array.ConvertAll(call.Input(1).Integers(), value => call.Size(value)), block = Array.ConvertAll(call.Input(2).Integers(), value => call.Size(value));
        if (block.Length != picture.Length)
        {
            throw call.Error($"expected {picture.Length} sizes of a window, got {block.Length}.");
        }

        Windows windows = Windows.Of(call, picture, block);
        int[] places = windows.Places();
        int taps = call.Product(block), count = Movement.Count(windows.Outputs), size = call.Product(picture);
        if (taps == 0 || x.Shape[1] % taps != 0 || x.Shape[2] != count)
        {
            throw call.Error($"expected channels in multiples of {taps} and {count} windows, got {x}.");
        }

        int[] shape = [x.Shape[0], x.Shape[1] / taps, .. picture];
        double[] values = Elements.Doubles(x), y = new double[call.Product(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            int place = places[i % (taps * count)];
            if (place >= 0)
            {
                y[(i / (taps * count) * size) + place] += values[i];
            }
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    /// <summary>A convolution each of whose taps is moved by an offset, read between the pixels, and weighted by a mask.</summary>
    private static OnnxValue?[] DeformConv(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 4, "batch, channel, height, width"), w = call.InputOfRank(1, 4, "out, channel / group, height, width");
        OnnxValue offset = call.InputOfRank(2, 4, "batch, 2 * window * offset_group, height, width");
        int group = call.Size(call.Int("group", 1)), offsetGroup = call.Size(call.Int("offset_group", 1));
        Windows windows = Windows.Of(call, x.Shape[2..], w.Shape[2..]);
        int taps = Movement.Count(windows.Kernel), outputs = Movement.Count(windows.Outputs), channels = x.Shape[1], rows = x.Shape[2], columns = x.Shape[3], outs = w.Shape[0];
        double[]? bias = call.Optional(3) is { Count: > 0 } given ? Elements.Doubles(given) : null, mask = call.Optional(4) is { } weights ? Elements.Doubles(weights) : null;
        int batch = x.Shape[0];
        if (group < 1 || offsetGroup < 1 || channels % offsetGroup != 0 || outs % group != 0 || w.Shape[1] * (long)group != channels
            || offset.Count != (long)batch * 2 * taps * offsetGroup * outputs || (mask is not null && mask.Length != offset.Count / 2) || (bias is not null && bias.Length != outs))
        {
            throw call.Error($"expected weights, offsets and mask for {x}, got {w}, {offset} and {call.Optional(4)}.");
        }

        int[] shape = [batch, outs, .. windows.Outputs];
        double[] values = Elements.Doubles(x), weight = Elements.Doubles(w), moves = Elements.Doubles(offset), y = new double[call.Product(shape)];
        int perGroup = channels / group;
        for (int i = 0; i < y.Length; i++)
        {
            int place = i % outputs, o = i / outputs % outs, n = i / (outputs * outs);
            double sum = bias?[o] ?? 0;
            for (int j = 0; j < perGroup * taps; j++)
            {
                int tap = j % taps, channel = (o / (outs / group) * perGroup) + (j / taps);
                int set = (((n * offsetGroup) + (channel / (channels / offsetGroup))) * taps) + tap;
                (double row, double column) = windows.Start(tap, place);
                double value = Between(values.AsSpan(((n * channels) + channel) * rows * columns, rows * columns), rows, columns,
                    row + moves[(2 * set * outputs) + place], column + moves[(((2 * set) + 1) * outputs) + place]);
                sum += weight[(o * perGroup * taps) + j] * value * (mask?[(set * outputs) + place] ?? 1);
            }

            y[i] = sum;
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    private static double Between(ReadOnlySpan<double> plane, int rows, int columns, double row, double column)
    {
        if (!(row > -1 && row < rows && column > -1 && column < columns))
        {
            return 0;
        }

        int top = (int)Math.Floor(row), left = (int)Math.Floor(column);
        double down = row - top, across = column - left, sum = 0;
        for (int corner = 0; corner < 4; corner++)
        {
            int r = top + (corner / 2), c = left + (corner % 2);
            if (r >= 0 && r < rows && c >= 0 && c < columns)
            {
                sum += (corner / 2 == 0 ? 1 - down : down) * (corner % 2 == 0 ? 1 - across : across) * plane[(r * columns) + c];
            }
        }

        return sum;
    }

    private static OnnxValue Spatial(OnnxCall call, int index) => call.Input(index) is { Rank: >= 3 } x
        ? x
        : throw call.Error($"expected (batch, channel, ...), got {call.Input(index)}.");
}
