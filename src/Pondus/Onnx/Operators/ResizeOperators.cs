using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Resizing of images and of any axes: each axis is a table of places and weights.</summary>
internal static class ResizeOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Resize", Resize);
        table.Add("Upsample", Resize);
    }

    private static OnnxValue?[] Resize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool isOld = call.Node.OpType == "Upsample" || call.Opset < 11;
        int[] axes = call.Ints("axes") is { } given ? Array.ConvertAll(given, axis => call.Axis(axis, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        float[]? scales = isOld ? call.Floats("scales") ?? Floats(call.Optional(1)) : Floats(call.Optional(2));
        long[]? sizes = isOld ? null : call.Optional(3) is { Count: > 0 } wanted ? wanted.Integers() : null;
        float[]? region = isOld ? null : Floats(call.Optional(1));
        if ((sizes?.Length ?? scales?.Length) != axes.Length)
        {
            throw call.Error($"expected scales or sizes for {axes.Length} axes, got {(sizes?.Length ?? scales?.Length)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}.");
        }

        ResizeSettings settings = ResizeSettings.Of(call, isOld);
        double[] factors = [.. Enumerable.Range(0, axes.Length).Select(i => sizes is null ? scales![i] : sizes[i] / (double)x.Shape[axes[i]])];
        if (sizes is not null && call.Text("keep_aspect_ratio_policy", "stretch") is var policy and not "stretch")
        {
            double one = policy == "not_larger" ? factors.Min() : factors.Max();
            sizes = [.. axes.Select(axis => (long)Math.Floor((one * x.Shape[axis]) + 0.5))];
            Array.Fill(factors, one);
        }

        int[] shape = [.. x.Shape];
        for (int i = 0; i < axes.Length; i++)
        {
            shape[axes[i]] = call.Size(sizes is null ? (long)Math.Min(Math.Floor(x.Shape[axes[i]] * factors[i]), long.MaxValue) : sizes[i]);
        }

        call.Product(shape);
        ResampleAxis?[] tables = new ResampleAxis?[x.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            if (shape[axis] != x.Shape[axis] || factors[i] != 1 || settings.UsesRegion)
            {
                (float start, float end) = region is { } roi && roi.Length == 2 * axes.Length ? (roi[i], roi[i + axes.Length]) : (0f, 1f);
                tables[axis] = settings.Table(x.Shape[axis], shape[axis], factors[i], start, end);
            }
        }

        return [Apply(x, tables, settings.Outside)];
    }

    private static float[]? Floats(OnnxValue? value) => value is { Count: > 0 } ? Elements.Singles(value) : null;

    private static OnnxValue Apply(OnnxValue x, ResampleAxis?[] tables, float outside)
    {
        if (Array.TrueForAll(tables, static table => table is null))
        {
            return x;
        }

        if (Array.TrueForAll(tables, static table => table is null || table.Taps == 1) && outside == 0f && !EngineValues.Takes(x))
        {
            // One place each moves elements of any type.
            OnnxValue moved = x;
            for (int axis = 0; axis < tables.Length; axis++)
            {
                moved = tables[axis] is { } table ? EngineValues.PickAlong(moved, axis, table.Places) : moved;
            }

            return moved;
        }

        OnnxValue wide = x.Type == OnnxType.Float ? x : OnnxValue.Of(Elements.Singles(x), x.Shape);
        Tensor y = wide.AsTensor();
        if (y.Rank == 4 && tables[0] is null && tables[1] is null)
        {
            y = ResampleOperation.Apply(y, new ResampleGeometry(tables[2] ?? Same(x.Shape[2]), tables[3] ?? Same(x.Shape[3]), outside));
        }
        else
        {
            for (int axis = 0; axis < tables.Length; axis++)
            {
                if (tables[axis] is { } table)
                {
                    Shape shape = y.Shape;
                    int outer = shape.Product(0, axis), inner = shape.Product(axis + 1, shape.Rank);
                    Tensor image = y.Reshape([1, outer, shape[axis], inner]);
                    y = ResampleOperation.Apply(image, new ResampleGeometry(table, Same(inner), outside)).Reshape(shape.With(axis, table.Output));
                }
            }
        }

        OnnxValue result = OnnxValue.Of(outside == 0f ? y : y + (Outside(tables, y.Rank) * outside));
        return x.Type == OnnxType.Float ? result : Elements.OfDoubles(x.Type, Elements.Doubles(result), result.Shape);
    }

    // 1 where some axis lies outside of the input; axes of one tap have the constant already.
    private static Tensor Outside(ResampleAxis?[] tables, int rank)
    {
        Tensor inside = Tensor.Full([], 1f);
        for (int axis = 0; axis < tables.Length; axis++)
        {
            if (tables[axis] is { Taps: > 1 } table)
            {
                float[] sees = [.. Enumerable.Range(0, table.Output).Select(i => table.Weights.AsSpan(i * table.Taps, table.Taps).IndexOfAnyExcept(0f) >= 0 ? 1f : 0f)];
                inside *= Tensor.Of(sees, new Shape([table.Output, .. Enumerable.Repeat(1, rank - 1 - axis)]));
            }
        }

        return 1f - inside;
    }

    private static ResampleAxis Same(int size)
    {
        ResampleAxis axis = new(size, size, 1);
        for (int i = 0; i < size; i++)
        {
            axis.Places[i] = i;
            axis.Weights[i] = 1f;
        }

        return axis;
    }
}
