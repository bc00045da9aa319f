using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators that take values apart and put them together.</summary>
internal static class PartOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Concat", Concat);
        table.Add("Split", Split);
        table.Add("Slice", Slice);
        table.Add("Gather", Gather);
        table.Add("GatherElements", GatherElements);
        table.Add("Trilu", Trilu);
    }

    private static OnnxValue?[] Concat(OnnxCall call)
    {
        List<OnnxValue> parts = [.. Enumerable.Range(0, call.Inputs.Count).Select(call.Input)];
        int axis = call.Axis(call.Int("axis", 1), parts[0].Rank);
        OnnxValue[] filled = [.. parts.Where(static part => part.Count > 0)];
        bool alike = parts.TrueForAll(part => part.Rank == parts[0].Rank && !part.Shape.Where((size, i) => i != axis && size != parts[0].Shape[i]).Any());
        return [alike && filled.Length > 0 && EngineValues.Takes(filled)
            ? OnnxValue.Of(Tensor.Concatenate(axis, [.. filled.Select(static part => part.AsTensor())]))
            : Movement.Concat(call, parts, axis)];
    }

    private static OnnxValue?[] Split(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis];
        long[]? sizes = ShapeOperators.IntegersOf(call, "split", 1);
        if (sizes is null)
        {
            int parts = (int)call.Int("num_outputs", call.OutputCount);
            if (parts < 1)
            {
                throw call.Error($"expected at least one part, got {parts}.");
            }

            int each = (size + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => (long)Math.Clamp(size - (i * each), 0, each))];
        }

        if (sizes.Any(static part => part < 0) || sizes.Sum() != size)
        {
            throw call.Error($"expected parts that sum to {size}, got ({string.Join(", ", sizes)}).");
        }

        OnnxValue?[] outputs = new OnnxValue?[sizes.Length];
        int start = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Range(x, axis, start, (int)sizes[i], 1);
            start += (int)sizes[i];
        }

        return outputs;
    }

    private static OnnxValue?[] Slice(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] starts = ShapeOperators.IntegersOf(call, "starts", 1) ?? throw call.Error("expected starts, got none.");
        long[] ends = ShapeOperators.IntegersOf(call, "ends", 2) ?? throw call.Error("expected ends, got none.");
        long[] axes = ShapeOperators.IntegersOf(call, "axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(static i => (long)i)];
        long[] steps = call.Optional(4)?.Integers() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw call.Error($"expected as many ends, axes and steps as starts ({starts.Length}), got {ends.Length}, {axes.Length} and {steps.Length}.");
        }

        for (int i = 0; i < starts.Length; i++)
        {
            int axis = call.Axis(axes[i], x.Rank), size = x.Shape[axis];
            long step = steps[i] != 0 ? Math.Clamp(steps[i], -int.MaxValue, int.MaxValue) : throw call.Error("expected steps other than 0, got 0.");
            long start = Limit(starts[i], size, step), end = Limit(ends[i], size, step);
            long count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            x = Range(x, axis, (int)start, (int)count, (int)step);
        }

        return [x];
    }

    private static long Limit(long place, int size, long step)
    {
        long from = place < 0 ? place + size : place;
        return step > 0 ? Math.Clamp(from, 0, size) : Math.Clamp(from, -1, size - 1);
    }

    private static OnnxValue Range(OnnxValue x, int axis, int start, int count, int step)
    {
        if (count == x.Shape[axis] && step == 1)
        {
            return x;
        }

        if (step > 0 && count > 0 && EngineValues.Takes(x))
        {
            return OnnxValue.Of(x.AsTensor().Slice(axis, start, count, Math.Min(step, Math.Max(1, x.Shape[axis]))));
        }

        return EngineValues.PickAlong(x, axis, [.. Enumerable.Range(0, count).Select(i => start + (i * step))]);
    }

    private static OnnxValue?[] Gather(OnnxCall call)
    {
        OnnxValue x = call.Input(0), indices = call.Input(1);
        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis];
        int[] places = Array.ConvertAll(indices.Integers(), index => call.Index(index, size));
        int[] shape = [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]];
        call.Product(shape);
        return [EngineValues.PickAlong(x, axis, places).Reshaped(shape)];
    }

    private static OnnxValue?[] GatherElements(OnnxCall call)
    {
        OnnxValue x = call.Input(0), indices = call.Input(1);
        int axis = call.Axis(call.Int("axis", 0), x.Rank);
        if (indices.Rank != x.Rank || indices.Shape.Where((size, i) => i != axis && size > x.Shape[i]).Any())
        {
            throw call.Error($"expected indices within {x}, got {indices}.");
        }

        long[] places = indices.Integers();
        int[] strides = new int[x.Rank], from = new int[places.Length];
        for (int i = x.Rank - 1, stride = 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= x.Shape[i];
        }

        Walk walk = new(indices.Shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            for (int k = 0; k < strides.Length; k++)
            {
                from[i] += strides[k] * (k == axis ? call.Index(places[i], x.Shape[axis]) : walk.Place[k]);
            }
        }

        return [EngineValues.Pick(x, indices.Shape, from)];
    }

    private static OnnxValue?[] Trilu(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long k = call.Optional(1) is { } given ? call.Integer(given) : 0;
        bool upper = call.Int("upper", 1) != 0;
        if (x.Rank < 2)
        {
            throw call.Error($"expected matrices, got {x}.");
        }

        int rows = x.Shape[^2], columns = x.Shape[^1];
        int[] from = new int[x.Count];
        for (int i = 0; i < from.Length; i++)
        {
            long across = (i % columns) - (i / columns % rows);
            from[i] = (upper ? across >= k : across <= k) ? i : -1;
        }

        return [EngineValues.Pick(x, x.Shape, from)];
    }
}
