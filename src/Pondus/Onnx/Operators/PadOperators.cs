namespace Pondus.Onnx.Operators;

/// <summary>Padding.</summary>
internal static class PadOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Pad", Pad);
    }

    private static OnnxValue?[] Pad(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        (long[] before, long[] after) = Pads(call, x.Rank);
        string mode = call.Text("mode", "constant");
        int[] shape = new int[x.Rank];
        int[][] sources = new int[x.Rank][];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = call.Size(x.Shape[axis] + before[axis] + after[axis]);
            sources[axis] = new int[shape[axis]];
            for (int i = 0; i < shape[axis]; i++)
            {
                sources[axis][i] = Source(call, i - before[axis], x.Shape[axis], mode);
            }
        }

        OnnxValue? fill = call.Opset >= 11
            ? call.Optional(2)
            : call.Float("value", 0) != 0 ? OnnxValue.Scalar(call.Float("value", 0)) : null;
        int[] from = new int[call.Product(shape)];
        bool hasFill = fill is { Count: 1 } && !IsZero(fill);
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            int place = 0;
            for (int axis = 0; axis < shape.Length && place >= 0; axis++)
            {
                int at = sources[axis][walk.Place[axis]];
                place = at < 0 ? -1 : (place * x.Shape[axis]) + at;
            }

            // What fills lies behind the elements.
            from[i] = place < 0 && hasFill ? x.Count : place;
        }

        return [hasFill ? Movement.Pick(Movement.Concat(call, [x.Reshaped(x.Count), fill!.Reshaped(1)], 0), shape, from) : EngineValues.Pick(x, shape, from)];
    }

    private static bool IsZero(OnnxValue value) => value.Type is Formats.Onnx.OnnxType.String
        ? value.Data<string>()[0].Length == 0
        : Elements.Doubles(value)[0] == 0;

    /// <summary>Before opset 11 the pads are an attribute, which opset 1 called paddings; from 18 on they may be for some axes only.</summary>
    private static (long[] Before, long[] After) Pads(OnnxCall call, int rank)
    {
        long[] pads = call.Opset >= 11 ? call.Input(1).Integers() : call.Ints("pads") ?? call.Ints("paddings") ?? [];
        int[] axes = call.Optional(3) is { } given ? Array.ConvertAll(given.Integers(), axis => call.Axis(axis, rank)) : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length)
        {
            throw call.Error($"expected {2 * axes.Length} pads, got {pads.Length}.");
        }

        long[] before = new long[rank], after = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            // Beyond what an array can hold a sum might overflow.
            before[axes[i]] = Math.Clamp(pads[i], -Array.MaxLength, Array.MaxLength);
            after[axes[i]] = Math.Clamp(pads[axes.Length + i], -Array.MaxLength, Array.MaxLength);
        }

        return (before, after);
    }

    private static int Source(OnnxCall call, long place, int size, string mode)
    {
        if (place >= 0 && place < size)
        {
            return (int)place;
        }

        if (mode == "constant")
        {
            return -1;
        }

        if (size == 0)
        {
            throw call.Error($"expected an axis with elements to be continued, got an empty one.");
        }

        long period = Math.Max(1, 2L * (size - 1));
        return mode switch
        {
            "edge" => place < 0 ? 0 : size - 1,
            "reflect" => (int)((((place % period) + period) % period) is var turn && turn < size ? turn : period - turn),
            "wrap" => (int)(((place % size) + size) % size),
            _ => throw call.Error($"expected mode constant, reflect, edge or wrap, got '{mode}'."),
        };
    }
}
