using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Padding: constant, or with what the input has.</summary>
internal static class PadOperators
{
    internal static void Register(OnnxOperators table) => table.Add("Pad", Pad);

    private static OnnxValue?[] Pad(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] pads = call.Opset < 11 ? call.Ints("pads") ?? call.Ints("paddings") ?? [] : call.Input(1).Integers();
        int[] axes = call.Optional(3) is { } given ? Array.ConvertAll(given.Integers(), axis => call.Axis(axis, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        if (pads.Length != 2 * axes.Length)
        {
            throw call.Error($"expected {2 * axes.Length} pads, got {pads.Length}.");
        }

        string mode = call.Text("mode", "constant");
        int[] from = new int[x.Rank], size = [.. x.Shape];
        for (int i = 0; i < axes.Length; i++)
        {
            from[axes[i]] = -(int)Math.Clamp(pads[i], -int.MaxValue, int.MaxValue);
            size[axes[i]] = call.Size(x.Shape[axes[i]] + pads[i] + pads[i + axes.Length]);
        }

        call.Product(size);
        OnnxValue y = x;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (from[axis] != 0 || size[axis] != x.Shape[axis])
            {
                y = mode == "constant" ? Constant(call, y, axis, from[axis], size[axis]) : EngineValues.PickAlong(y, axis, Places(call, mode, x.Shape[axis], from[axis], size[axis]));
            }
        }

        return [y];
    }

    private static OnnxValue Constant(OnnxCall call, OnnxValue x, int axis, int from, int size)
    {
        // What lies inside, and how much is before and behind it.
        int first = Math.Clamp(from, 0, x.Shape[axis]), last = Math.Clamp(from + size, first, x.Shape[axis]);
        int before = Math.Clamp(first - from, 0, size), behind = size - before - (last - first);
        OnnxValue inside = last - first == x.Shape[axis] ? x : EngineValues.PickAlong(x, axis, [.. Enumerable.Range(first, last - first)]);
        List<OnnxValue> parts = [];
        Add(before);
        parts.Add(inside);
        Add(behind);
        OnnxValue[] filled = [.. parts.Where(static part => part.Count > 0)];
        return filled.Length > 0 && EngineValues.Takes(filled)
            ? OnnxValue.Of(Tensor.Concatenate(axis, [.. filled.Select(static part => part.AsTensor())]))
            : Movement.Concat(call, parts, axis);

        void Add(int count)
        {
            if (count > 0)
            {
                int[] shape = [.. x.Shape];
                shape[axis] = count;
                parts.Add(Movement.Pick(Value(call, x), shape, new int[call.Product(shape)]));
            }
        }
    }

    private static OnnxValue Value(OnnxCall call, OnnxValue x)
    {
        if (call.Opset >= 11 && call.Optional(2) is { Count: 1 } given)
        {
            return given.Reshaped(1);
        }

        return x.Type == OnnxType.String ? OnnxValue.Of([string.Empty], 1) : Elements.OfDoubles(x.Type, [call.Opset < 11 ? call.Float("value", 0f) : 0], 1);
    }

    private static int[] Places(OnnxCall call, string mode, int input, int from, int size)
    {
        if (input == 0)
        {
            throw call.Error("expected an axis with elements to pad with, got an empty one.");
        }

        int period = Math.Max(1, (2 * input) - 2);
        return [.. Enumerable.Range(from, size).Select(place => mode switch
        {
            "edge" => Math.Clamp(place, 0, input - 1),
            "wrap" => ((place % input) + input) % input,
            "reflect" => Mirror(((place % period) + period) % period),
            _ => throw call.Error($"expected mode constant, edge, reflect or wrap, got '{mode}'."),
        })];

        int Mirror(int place) => place < input ? place : period - place;
    }
}
