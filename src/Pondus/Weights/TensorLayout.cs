using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Orders of axes: Keras keeps (in, out) where PyTorch keeps (out, in), and channels last.</summary>
internal static class TensorLayout
{
    private const int LargestRank = 5;

    /// <summary>Finds how the axes of one tensor must be ordered to lie as another; null when they lie alike or no order fits.</summary>
    /// <param name="first">The tensor to be laid out.</param>
    /// <param name="second">The tensor that shows how.</param>
    /// <param name="elementLimit">Values are looked at only up to this many: where several orders fit, those of larger tensors stay as they are if that fits.</param>
    public static int[]? Find(WeightEntry first, WeightEntry second, long elementLimit)
    {
        int rank = first.Shape.Length;
        if (rank < 2 || rank > LargestRank || first.Count != second.Count)
        {
            return null;
        }

        int[][] orders = [.. Orders(rank).Where(order => Fits(order, first, second))];
        // An order that moves only axes of size 1 moves nothing.
        orders = [.. orders.DistinctBy(order => string.Join(' ', order.Where(axis => first.Shape[axis] != 1)), StringComparer.Ordinal)];
        bool canLook = first.Count <= elementLimit && WeightValues.AreReal(first) && WeightValues.AreReal(second);
        int[]? chosen = orders.Length == 0 ? null : orders[0];
        if (orders.Length > 1 && canLook)
        {
            chosen = Nearest(orders, first, second);
        }

        return chosen is null || IsIdentity(chosen, first.Shape) ? null : chosen;
    }

    /// <summary>Gives a tensor with its axes in another order; the whole of it is in memory when it is read.</summary>
    public static WeightEntry Permute(WeightEntry entry, IReadOnlyList<int> axes, string? name = null)
    {
        WeightLayout? layout = WeightTypes.Layout(entry.DataType);
        if (axes.Count != entry.Shape.Length || axes.Order().Where((axis, i) => axis != i).Any())
        {
            throw new ArgumentException($"Tensor '{entry.Name}': expected an order of its {entry.Shape.Length} axes, got ({string.Join(", ", axes)}).", nameof(axes));
        }

        if (layout is not { Elements: 1 })
        {
            throw new NotSupportedException($"Tensor '{entry.Name}': expected a type with whole bytes for each element to order axes anew, got {entry.DataType}. Convert it to float32 first.");
        }

        long[] shape = [.. axes.Select(axis => entry.Shape[axis])];
        int[] order = [.. axes];
        return ComputedEntry.Of(name ?? entry.Name, entry.DataType, shape, () => Permute(entry.ReadBytes(), entry.Shape, order, layout.Value.Bytes));
    }

    /// <summary>Orders the axes of elements in memory anew.</summary>
    public static T[] Permute<T>(T[] source, ReadOnlySpan<long> shape, ReadOnlySpan<int> axes, int width)
    {
        int rank = shape.Length;
        long[] strides = new long[rank], moved = new long[rank], sizes = new long[rank], place = new long[rank];
        long stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        for (int axis = 0; axis < rank; axis++)
        {
            moved[axis] = strides[axes[axis]];
            sizes[axis] = shape[axes[axis]];
        }

        T[] result = new T[source.Length];
        long from = 0;
        for (long to = 0; to < source.Length / width; to++)
        {
            Array.Copy(source, from * width, result, to * width, width);
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += moved[axis];
                if (++place[axis] < sizes[axis])
                {
                    break;
                }

                from -= moved[axis] * sizes[axis];
                place[axis] = 0;
            }
        }

        return result;
    }

    private static int[] Nearest(int[][] orders, WeightEntry first, WeightEntry second)
    {
        // As they lie, unless another order is plainly better: noise must not turn square matrices.
        const double plainly = 0.1;
        double[] a = WeightValues.Read(first), b = WeightValues.Read(second);
        int[] best = orders[0];
        double bestCosine = double.NegativeInfinity;
        foreach (int[] order in orders)
        {
            double[] turned = Permute(a, first.Shape, order, 1);
            double cosine = MatrixSimilarity.Dot(turned, b) / Math.Sqrt(MatrixSimilarity.Dot(a, a) * MatrixSimilarity.Dot(b, b));
            if (cosine > bestCosine + plainly || bestCosine == double.NegativeInfinity)
            {
                (best, bestCosine) = (order, cosine);
            }
        }

        return best;
    }

    private static bool Fits(int[] order, WeightEntry first, WeightEntry second)
    {
        if (first.Shape.Length != second.Shape.Length)
        {
            return false;
        }

        for (int i = 0; i < order.Length; i++)
        {
            if (first.Shape[order[i]] != second.Shape[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsIdentity(int[] order, ReadOnlySpan<long> shape)
    {
        int before = -1;
        foreach (int axis in order)
        {
            if (shape[axis] != 1)
            {
                if (axis < before)
                {
                    return false;
                }

                before = axis;
            }
        }

        return true;
    }

    // In lexicographic order: the first is the identity.
    private static IEnumerable<int[]> Orders(int rank) => rank == 0
        ? [[]]
        : Enumerable.Range(0, rank).SelectMany(first => Orders(rank - 1).Select(rest => (int[])[first, .. rest.Select(axis => axis >= first ? axis + 1 : axis)]));
}
