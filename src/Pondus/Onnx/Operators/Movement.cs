using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Moves elements of any type: an operator says which element goes where, and this does it.</summary>
internal static class Movement
{
    /// <summary>Makes a value whose element i is the source's element <paramref name="from"/>[i], or zero where that is -1.</summary>
    public static OnnxValue Pick(OnnxValue source, int[] shape, int[] from) => OnnxElements.Any<PickWork, OnnxValue>(source.Type, new PickWork(source, shape, from));

    /// <summary>Cuts a part out along an axis.</summary>
    public static OnnxValue Slice(OnnxValue source, int axis, int start, int length)
    {
        int size = source.Shape[axis], inner = Inner(source.Shape, axis);
        int[] shape = [.. source.Shape];
        shape[axis] = length;
        int[] from = new int[Count(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            int row = i / inner, outer = row / length;
            from[i] = (((outer * size) + start + (row % length)) * inner) + (i % inner);
        }

        return Pick(source, shape, from);
    }

    /// <summary>Joins values of one type along an axis.</summary>
    public static OnnxValue Concat(OnnxCall call, IReadOnlyList<OnnxValue> items, int axis)
    {
        int[] shape = [.. items[0].Shape];
        shape[axis] = 0;
        foreach (OnnxValue item in items)
        {
            if (item.Type != items[0].Type || item.Rank != shape.Length
                || Enumerable.Range(0, shape.Length).Any(i => i != axis && item.Shape[i] != shape[i]))
            {
                throw call.Error($"expected values like {items[0]} along axis {axis}, got {item}.");
            }

            shape[axis] = checked(shape[axis] + item.Shape[axis]);
        }

        call.Product(shape);
        return OnnxElements.Any<ConcatWork, OnnxValue>(items[0].Type, new ConcatWork(items, shape, axis));
    }

    /// <summary>Exchanges the last two axes.</summary>
    public static OnnxValue Transposed(OnnxValue source)
    {
        int rows = source.Shape[^2], columns = source.Shape[^1], size = rows * columns;
        int[] from = new int[source.Count];
        for (int i = 0; i < from.Length; i++)
        {
            int place = i % size;
            from[i] = i - place + (place % rows * columns) + (place / rows);
        }

        return Pick(source, [.. source.Shape[..^2], columns, rows], from);
    }

    /// <summary>Number of elements behind an axis that lie together.</summary>
    public static int Inner(ReadOnlySpan<int> shape, int axis) => Count(shape[(axis + 1)..]);

    /// <summary>Number of elements of a shape that a value already has.</summary>
    public static int Count(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int size in shape)
        {
            count *= size;
        }

        return count;
    }

    private readonly struct PickWork(OnnxValue source, int[] shape, int[] from) : IOnnxElementVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()

        {
            T[] x = source.Data<T>(), y = new T[from.Length];
            // An absent text is an empty one.
            T zero = source.Type == OnnxType.String ? (T)(object)string.Empty : default!;
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = from[i] < 0 ? zero : x[from[i]];
            }

            return OnnxValue.Of(source.Type, y, shape);
        }
    }

    private readonly struct ConcatWork(IReadOnlyList<OnnxValue> items, int[] shape, int axis) : IOnnxElementVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()

        {
            T[] y = new T[Count(shape)];
            int inner = Inner(shape, axis), row = shape[axis] * inner, start = 0;
            foreach (OnnxValue item in items)
            {
                T[] x = item.Data<T>();
                int length = item.Shape[axis] * inner;
                for (int from = 0, to = start; from < x.Length; from += length, to += row)
                {
                    Array.Copy(x, from, y, to, length);
                }

                start += length;
            }

            return OnnxValue.Of(items[0].Type, y, shape);
        }
    }
}
