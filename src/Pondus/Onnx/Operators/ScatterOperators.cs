using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators that place elements at indices.</summary>
internal static class ScatterOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("GatherND", GatherNd);
        table.Add("ScatterND", ScatterNd);
        table.Add("Scatter", ScatterElements);
        table.Add("ScatterElements", ScatterElements);
        table.Add("TensorScatter", TensorScatter);
    }

    private static OnnxValue?[] GatherNd(OnnxCall call)
    {
        OnnxValue data = call.Input(0), indices = call.Input(1);
        int batchRank = (int)call.Int("batch_dims", 0);
        if (batchRank < 0 || batchRank >= Math.Min(data.Rank, indices.Rank)
            || !data.Shape.AsSpan(0, batchRank).SequenceEqual(indices.Shape.AsSpan(0, batchRank)))
        {
            throw call.Error($"expected {batchRank} common axes in front, got data {data} and indices {indices}.");
        }

        (int[] starts, int block) = Blocks(call, data.Shape, indices, batchRank);
        int depth = indices.Shape[^1];
        int[] shape = [.. indices.Shape[..^1], .. data.Shape[(batchRank + depth)..]];
        int[] from = new int[call.Product(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            from[i] = starts[i / block] + (i % block);
        }

        return [Movement.Pick(data, shape, from)];
    }

    private static OnnxValue?[] ScatterNd(OnnxCall call)
    {
        OnnxValue data = call.Input(0), indices = call.Input(1), updates = call.Input(2);
        (int[] starts, int block) = Blocks(call, data.Shape, indices, 0);
        int[] shape = [.. indices.Shape[..^1], .. data.Shape[indices.Shape[^1]..]];
        if (!updates.Shape.AsSpan().SequenceEqual(shape))
        {
            throw call.Error($"expected updates of ({string.Join(", ", shape)}), got {updates}.");
        }

        int[] to = new int[updates.Count];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = starts[i / block] + (i % block);
        }

        return [Scatter(call, data, updates, to, call.Text("reduction", "none"))];
    }

    private static OnnxValue?[] ScatterElements(OnnxCall call)
    {
        OnnxValue data = call.Input(0), indices = call.Input(1), updates = call.Input(2);
        int axis = call.Axis(call.Int("axis", 0), data.Rank), size = data.Shape[axis];
        if (indices.Rank != data.Rank || !indices.Shape.AsSpan().SequenceEqual(updates.Shape)
            || Enumerable.Range(0, data.Rank).Any(i => i != axis && indices.Shape[i] > data.Shape[i]))
        {
            throw call.Error($"expected indices and updates of one shape within data {data}, got {indices} and {updates}.");
        }

        long[] index = indices.Integers();
        int[] strides = Strides(data.Shape), to = new int[index.Length];
        Walk walk = new(indices.Shape);
        for (int i = 0; i < to.Length; i++, walk.Next())
        {
            int place = call.Index(index[i], size) * strides[axis];
            for (int j = 0; j < strides.Length; j++)
            {
                place += j == axis ? 0 : walk.Place[j] * strides[j];
            }

            to[i] = place;
        }

        return [Scatter(call, data, updates, to, call.Text("reduction", "none"))];
    }

    /// <summary>Writes new rows into a cache, from a position per batch on, past the end from the start again if it is circular.</summary>
    private static OnnxValue?[] TensorScatter(OnnxCall call)
    {
        OnnxValue data = call.Input(0), updates = call.Input(1);
        int axis = call.Axis(call.Int("axis", -2), data.Rank), size = data.Shape[axis], length = updates.Shape[axis], inner = Movement.Inner(data.Shape, axis);
        long[]? starts = call.Optional(2) is { } given ? given.Integers() : null;
        string mode = call.Text("mode", "linear");
        int batch = data.Shape[0], rows = updates.Count / Math.Max(1, inner * length);
        int[] to = new int[updates.Count];
        for (int i = 0; i < to.Length; i++)
        {
            int row = i / inner, outer = row / length;
            long place = (starts?[outer / Math.Max(1, rows / batch)] ?? 0) + (row % length);
            place = mode == "circular" ? place % size : place;
            to[i] = (((outer * size) + call.Index(place, size)) * inner) + (i % inner);
        }

        return [Scatter(call, data, updates, to, "none")];
    }

    /// <summary>Places updates into a copy of the data, or adds, multiplies, takes the smaller or larger.</summary>
    private static OnnxValue Scatter(OnnxCall call, OnnxValue data, OnnxValue updates, int[] to, string reduction)
    {
        if (data.Type != updates.Type)
        {
            throw call.Error($"expected updates like data {data}, got {updates}.");
        }

        return reduction switch
        {
            "none" => OnnxElements.Any<PlaceWork, OnnxValue>(data.Type, new PlaceWork(data, updates, to)),
            _ when data.Type is OnnxType.BFloat16 or OnnxType.Float16 => OnnxWidening.Narrow(Scatter(call, OnnxWidening.Widen(data), OnnxWidening.Widen(updates), to, reduction), data.Type),
            "add" or "mul" or "min" or "max" => OnnxElements.Number<CombineWork, OnnxValue>(data.Type, new CombineWork(data, updates, to, reduction)),
            _ => throw call.Error($"expected reduction none, add, mul, min or max, got {reduction}."),
        };
    }

    /// <summary>Places in the data that rows of indices name, and how many elements lie together behind each.</summary>
    private static (int[] Starts, int Block) Blocks(OnnxCall call, int[] shape, OnnxValue indices, int batchRank)
    {
        if (indices.Rank == 0 || indices.Shape[^1] > shape.Length - batchRank)
        {
            throw call.Error($"expected indices of at most {shape.Length - batchRank} axes, got {indices}.");
        }

        int depth = indices.Shape[^1], block = Movement.Count(shape.AsSpan(batchRank + depth));
        int[] strides = Strides(shape), starts = new int[Movement.Count(indices.Shape.AsSpan(..^1))];
        int batches = Movement.Count(indices.Shape.AsSpan(0, batchRank)), batchStride = Movement.Count(shape.AsSpan(batchRank)), perBatch = starts.Length / Math.Max(1, batches);
        long[] index = indices.Integers();
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = i / Math.Max(1, perBatch) * batchStride;
            for (int j = 0; j < depth; j++)
            {
                starts[i] += call.Index(index[(i * depth) + j], shape[batchRank + j]) * strides[batchRank + j];
            }
        }

        return (starts, Math.Max(1, block));
    }

    private static int[] Strides(int[] shape)
    {
        int[] strides = new int[shape.Length];
        for (int i = shape.Length - 1, stride = 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    private readonly struct PlaceWork(OnnxValue data, OnnxValue updates, int[] to) : IOnnxElementVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
        {
            T[] y = [.. data.Data<T>()], x = updates.Data<T>();
            for (int i = 0; i < to.Length; i++)
            {
                y[to[i]] = x[i];
            }

            return OnnxValue.Of(data.Type, y, data.Shape);
        }
    }

    private readonly struct CombineWork(OnnxValue data, OnnxValue updates, int[] to, string reduction) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] y = [.. data.Data<T>()], x = updates.Data<T>();
            for (int i = 0; i < to.Length; i++)
            {
                T old = y[to[i]];
                y[to[i]] = reduction switch
                {
                    "add" => old + x[i],
                    "mul" => old * x[i],
                    "min" => T.Min(old, x[i]),
                    _ => T.Max(old, x[i]),
                };
            }

            return OnnxValue.Of(y, data.Shape);
        }
    }
}
