namespace Pondus.Onnx.Operators;

/// <summary>Operators that choose elements by their values: the largest, the distinct, the nonzero.</summary>
internal static class SelectOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("TopK", TopK);
        table.Add("Unique", Unique);
        table.Add("NonZero", NonZero);
        table.Add("Compress", Compress);
    }

    private static OnnxValue?[] TopK(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Rank), size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
        // Opset 1 has k as an attribute; 10 made it an input, 11 added the choice of the smallest.
        long wanted = call.Opset < 10 ? call.Int("k", -1) : call.Input(1).Integers()[0];
        int k = wanted >= 0 && wanted <= size ? (int)wanted : throw call.Error($"expected k from 0 to the axis's {size}, got {wanted}.");
        int[] shape = [.. x.Shape];
        shape[axis] = k;
        int[] from = Elements.Order(x, new TopKWork(x.Shape, axis, k, call.Int("largest", 1) != 0));
        long[] indices = [.. from.Select(place => (long)(place / inner % size))];
        return [Movement.Pick(x, shape, from), OnnxValue.Of(indices, shape)];
    }

    private static OnnxValue?[] Unique(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool isFlat = call.Node.Find("axis") is null;
        if (isFlat)
        {
            x = x.Reshaped([x.Count]);
        }

        int axis = isFlat ? 0 : call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
        int[] sorted = Elements.Order(x, new SliceOrderWork(x.Shape, axis)), group = new int[size];
        List<int> first = [];
        List<long> counts = [];
        for (int i = 0; i < size; i++)
        {
            // Slices that are equal are neighbors, and of equal ones the earlier comes first.
            if (sorted[size + i] != 0)
            {
                first.Add(sorted[i]);
                counts.Add(0);
            }

            group[sorted[i]] = first.Count - 1;
            counts[^1]++;
        }

        if (call.Int("sorted", 1) == 0)
        {
            int[] rank = [.. Enumerable.Range(0, first.Count).OrderBy(i => first[i])];
            int[] place = new int[rank.Length];
            for (int i = 0; i < rank.Length; i++)
            {
                place[rank[i]] = i;
            }

            first = [.. rank.Select(i => first[i])];
            counts = [.. rank.Select(i => counts[i])];
            group = [.. group.Select(i => place[i])];
        }

        int[] shape = [.. x.Shape];
        shape[axis] = first.Count;
        int[] from = new int[Movement.Count(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            int row = i / inner;
            from[i] = (((row / first.Count * size) + first[row % first.Count]) * inner) + (i % inner);
        }

        return
        [
            Movement.Pick(x, shape, from),
            OnnxValue.Of<long>([.. first.Select(static i => (long)i)], first.Count),
            OnnxValue.Of<long>([.. group.Select(static i => (long)i)], size),
            OnnxValue.Of<long>([.. counts], counts.Count),
        ];
    }

    private static OnnxValue?[] NonZero(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int rank = x.Rank;
        double[] values = Elements.Doubles(x);
        List<int> places = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        long[] result = new long[checked(rank * places.Count)];
        for (int i = 0; i < places.Count; i++)
        {
            int place = places[i];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                result[(axis * places.Count) + i] = place % x.Shape[axis];
                place /= x.Shape[axis];
            }
        }

        return [OnnxValue.Of(result, rank, places.Count)];
    }

    private static OnnxValue?[] Compress(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool[] keep = call.Input(1).Data<bool>();
        if (call.Node.Find("axis") is null)
        {
            x = x.Reshaped([x.Count]);
        }

        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
        int[] kept = [.. Enumerable.Range(0, Math.Min(size, keep.Length)).Where(i => keep[i])];
        int[] shape = [.. x.Shape];
        shape[axis] = kept.Length;
        int[] from = new int[Movement.Count(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            int row = i / inner;
            from[i] = (((row / kept.Length * size) + kept[row % kept.Length]) * inner) + (i % inner);
        }

        return [Movement.Pick(x, shape, from)];
    }

    /// <summary>Places of the k first elements of each line along an axis; of equal ones the earlier comes first.</summary>
    private readonly struct TopKWork(int[] shape, int axis, int k, bool largest) : IOrderWork
    {
        public int[] Run<T>(T[] x)
            where T : IComparable<T>
        {
            int size = shape[axis], inner = Movement.Inner(shape, axis), lines = size == 0 ? 0 : x.Length / size, sign = largest ? -1 : 1;
            int[] from = new int[lines * k], order = new int[size];
            for (int line = 0; line < lines; line++)
            {
                int start = (line / inner * size * inner) + (line % inner);
                for (int i = 0; i < size; i++)
                {
                    order[i] = start + (i * inner);
                }

                Array.Sort(order, (a, b) => x[a].CompareTo(x[b]) is var result && result != 0 ? sign * result : a.CompareTo(b));
                int to = (line / inner * k * inner) + (line % inner);
                for (int i = 0; i < k; i++)
                {
                    from[to + (i * inner)] = order[i];
                }
            }

            return from;
        }
    }

    /// <summary>The order of slices along an axis, compared element by element; behind it, whether each differs from the one before.</summary>
    private readonly struct SliceOrderWork(int[] shape, int axis) : IOrderWork
    {
        public int[] Run<T>(T[] x)
            where T : IComparable<T>
        {
            int size = shape[axis], inner = Movement.Inner(shape, axis), outer = Movement.Count(shape.AsSpan(0, axis));
            int[] result = new int[2 * size];
            Span<int> order = result.AsSpan(0, size);
            for (int i = 0; i < size; i++)
            {
                order[i] = i;
            }

            order.Sort((a, b) => Compare(a, b) is var difference && difference != 0 ? difference : a.CompareTo(b));
            for (int i = 0; i < size; i++)
            {
                result[size + i] = i == 0 || Compare(result[i - 1], result[i]) != 0 ? 1 : 0;
            }

            return result;

            int Compare(int a, int b)
            {
                int difference = 0;
                for (int i = 0; i < outer * inner && difference == 0; i++)
                {
                    int row = i / inner * size * inner, column = i % inner;
                    difference = x[row + (a * inner) + column].CompareTo(x[row + (b * inner) + column]);
                }

                return difference;
            }
        }
    }
}
