using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators that change sizes and not elements, or tell sizes.</summary>
internal static class ShapeOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Shape", Shape);
        table.Add("Reshape", Reshape);
        table.Add("Flatten", Flatten);
        table.Add("Squeeze", Squeeze);
        table.Add("Unsqueeze", Unsqueeze);
        table.Add("Expand", Expand);
        table.Add("Tile", Tile);
        table.Add("Transpose", Transpose);
        table.Add("Dropout", Dropout);
    }

    /// <summary>Integers that older versions have as a setting and newer ones as an input; null when they are left out.</summary>
    public static long[]? IntegersOf(OnnxCall call, string setting, int input) => call.Has(setting) ? call.Ints(setting) : call.Optional(input)?.Integers();

    private static OnnxValue?[] Shape(OnnxCall call)
    {
        int[] shape = call.Input(0).Shape;
        int start = Limit(call.Int("start", 0)), end = Limit(call.Int("end", shape.Length));
        return [OnnxValue.Of(Array.ConvertAll(shape[start..Math.Max(start, end)], static size => (long)size), Math.Max(0, end - start))];

        int Limit(long place) => (int)Math.Clamp(place < 0 ? place + shape.Length : place, 0, shape.Length);
    }

    private static OnnxValue?[] Reshape(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] wanted = IntegersOf(call, "shape", 1) ?? throw call.Error("expected a shape, got none.");
        bool keepsZero = call.Int("allowzero", 0) != 0;
        int[] shape = new int[wanted.Length];
        int open = -1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (wanted[i] == -1)
            {
                open = open < 0 ? i : throw call.Error($"expected one size of -1, got ({string.Join(", ", wanted)}).");
                shape[i] = 1;
                continue;
            }

            shape[i] = wanted[i] != 0 || keepsZero
                ? call.Size(wanted[i])
                : i < x.Rank ? x.Shape[i] : throw call.Error($"expected a size to keep at axis {i}, got {x}.");
        }

        int count = call.Product(shape);
        if (open >= 0)
        {
            shape[open] = count > 0 && x.Count % count == 0 ? x.Count / count : count == 0 && x.Count == 0 ? 0 : throw call.Error($"expected sizes that fit {x}, got ({string.Join(", ", wanted)}).");
        }

        return [x.Reshaped(shape)];
    }

    private static OnnxValue?[] Flatten(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long axis = call.Int("axis", 1);
        int first = axis == x.Rank ? x.Rank : call.Axis(axis, Math.Max(x.Rank, 1));
        int rows = Movement.Count(x.Shape.AsSpan(0, first)), columns = Movement.Count(x.Shape.AsSpan(first));
        return [x.Reshaped(rows, columns)];
    }

    private static OnnxValue?[] Squeeze(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[]? axes = IntegersOf(call, "axes", 1);
        HashSet<int> dropped = axes is null
            ? [.. Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis] == 1)]
            : [.. axes.Select(axis => call.Axis(axis, x.Rank))];
        return [x.Reshaped([.. x.Shape.Where((_, axis) => !dropped.Contains(axis))])];
    }

    private static OnnxValue?[] Unsqueeze(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] axes = IntegersOf(call, "axes", 1) ?? throw call.Error("expected axes, got none.");
        int rank = x.Rank + axes.Length;
        HashSet<int> added = [.. axes.Select(axis => call.Axis(axis, rank))];
        if (added.Count != axes.Length)
        {
            throw call.Error($"expected each axis once, got ({string.Join(", ", axes)}).");
        }

        Queue<int> sizes = new(x.Shape);
        return [x.Reshaped([.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : sizes.Dequeue())])];
    }

    private static OnnxValue?[] Expand(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int[] wanted = Array.ConvertAll(call.Input(1).Integers(), size => call.Size(size));
        int rank = Math.Max(x.Rank, wanted.Length);
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int own = i < rank - x.Rank ? 1 : x.Shape[i - rank + x.Rank], other = i < rank - wanted.Length ? 1 : wanted[i - rank + wanted.Length];
            shape[i] = own == 1 ? other : other == 1 || other == own ? own : throw call.Error($"expected sizes that {x} repeats to, got ({string.Join(", ", wanted)}).");
        }

        int count = call.Product(shape);
        if (count == x.Count)
        {
            return [x.Reshaped(shape)];
        }

        return [EngineValues.IsRecording && EngineValues.Takes(x) && count > 0 && rank <= Pondus.Shape.MaxRank
            ? OnnxValue.Of(x.AsTensor() * Tensor.Ones(new Shape(shape)))
            : EngineValues.Pick(x, shape, Broadcast.Places(x.Shape, shape))];
    }

    private static OnnxValue?[] Tile(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] repeats = call.Input(1).Integers();
        if (call.Opset < 6)
        {
            long[] old = new long[x.Rank];
            Array.Fill(old, 1);
            old[call.Axis(call.Integer(call.Input(2)), x.Rank)] = call.Integer(call.Input(1));
            repeats = old;
        }

        if (repeats.Length != x.Rank)
        {
            throw call.Error($"expected a number of repeats for each axis of {x}, got {repeats.Length}.");
        }

        call.Product([.. x.Shape.Select((size, axis) => call.Size(repeats[axis] * size))]);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (repeats[axis] != 1)
            {
                int size = x.Shape[axis];
                x = EngineValues.PickAlong(x, axis, [.. Enumerable.Range(0, size * (int)repeats[axis]).Select(i => i % size)]);
            }
        }

        return [x];
    }

    private static OnnxValue?[] Transpose(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int[] axes = call.Ints("perm") is { } order ? Array.ConvertAll(order, axis => call.Axis(axis, x.Rank)) : [.. Enumerable.Range(0, x.Rank).Reverse()];
        if (axes.Length != x.Rank || axes.Distinct().Count() != x.Rank)
        {
            throw call.Error($"expected each axis of {x} once, got ({string.Join(", ", axes)}).");
        }

        return [Permute(x, axes)];
    }

    /// <summary>Puts axes in another order.</summary>
    public static OnnxValue Permute(OnnxValue x, int[] axes)
    {
        int[] shape = Array.ConvertAll(axes, axis => x.Shape[axis]);
        // Axes of size 1 may go anywhere without moving an element.
        int[] moving = [.. axes.Where(axis => x.Shape[axis] != 1)];
        if (moving.SequenceEqual(moving.Order()))
        {
            return x.Reshaped(shape);
        }

        if (EngineValues.Takes(x))
        {
            return OnnxValue.Of(x.AsTensor().Permute(axes));
        }

        int[] strides = new int[x.Rank], from = new int[x.Count];
        for (int axis = x.Rank - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= x.Shape[axis];
        }

        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            for (int axis = 0; axis < axes.Length; axis++)
            {
                from[i] += walk.Place[axis] * strides[axes[axis]];
            }
        }

        return Movement.Pick(x, shape, from);
    }

    private static OnnxValue?[] Dropout(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        double rate = call.Opset < 12 ? 0 : call.Optional(1) is { Count: > 0 } given ? call.Number(given) : 0.5;
        bool trains = call.Optional(2) is { Count: > 0 } mode && mode.Data<bool>()[0];
        if (!trains || rate == 0)
        {
            return [x, call.Wants(1) ? OnnxValue.Of(Enumerable.Repeat(true, x.Count).ToArray(), x.Shape) : null];
        }

        RandomSource random = PassContext.Current.Random ?? new RandomSource((ulong)call.Int("seed", 0));
        float[] draws = new float[x.Count];
        random.FillUniform(draws, 0f, 1f);
        bool[] mask = Array.ConvertAll(draws, draw => draw >= rate);
        float scale = rate < 1 ? (float)(1 / (1 - rate)) : 0f;
        OnnxValue wide = OnnxWidening.Widen(x, withDouble: true);
        OnnxValue y = OnnxValue.Of(wide.AsTensor() * Tensor.Of(Array.ConvertAll(mask, kept => kept ? scale : 0f), new Shape(x.Shape)));
        return [x.Type == OnnxType.Float ? y : OnnxWidening.Narrow(y, x.Type), OnnxValue.Of(mask, x.Shape)];
    }
}
