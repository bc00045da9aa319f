using System.Numerics;

namespace Pondus.Onnx.Operators;

/// <summary>Operators about places: of extremes, of ones, of triangles.</summary>
internal static class PositionOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("ArgMax", static call => Extreme(call, largest: true));
        table.AddWidened("ArgMin", static call => Extreme(call, largest: false));
        table.AddWidened("Hardmax", Hardmax);
        table.Add("OneHot", OneHot);
        table.Add("Trilu", Triangle);
        table.Add("Range", Range);
    }

    /// <summary>The place of the largest or smallest element along an axis: the first, or the last if asked.</summary>
    private static OnnxValue?[] Extreme(OnnxCall call, bool largest)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis];
        if (size == 0)
        {
            throw call.Error($"expected an axis with an element, got {x}.");
        }

        bool last = call.Int("select_last_index", 0) != 0;
        long[] places = Array.ConvertAll(Elements.Order(x, new ExtremeWork(x.Shape, axis, largest, last)), static place => (long)place);
        int[] shape = call.Int("keepdims", 1) != 0 ? [.. x.Shape[..axis], 1, .. x.Shape[(axis + 1)..]] : [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]];
        return [OnnxValue.Of(places, shape)];
    }

    /// <summary>1 at the first largest element along an axis, else 0; before opset 13 all axes from the given one on are taken together.</summary>
    private static OnnxValue?[] Hardmax(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool isFlat = call.Opset < 13;
        int axis = call.Axis(call.Int("axis", isFlat ? 1 : -1), x.Rank);
        int[] shape = isFlat ? [Movement.Count(x.Shape.AsSpan(..axis)), Movement.Count(x.Shape.AsSpan(axis))] : x.Shape;
        axis = isFlat ? 1 : axis;
        int inner = Movement.Inner(shape, axis), size = shape[axis];
        int[] places = size == 0 ? [] : Elements.Order(x, new ExtremeWork(shape, axis, Largest: true, Last: false));
        double[] y = new double[x.Count];
        for (int line = 0; line < places.Length; line++)
        {
            y[(((line / inner * size) + places[line]) * inner) + (line % inner)] = 1;
        }

        return [Elements.OfDoubles(x.Type, y, x.Shape)];
    }

    private static OnnxValue?[] OneHot(OnnxCall call)
    {
        OnnxValue indices = call.Input(0), values = call.Input(2);
        if (values.Count != 2)
        {
            throw call.Error($"expected two values, off and on, got {values}.");
        }

        int depth = call.Size((long)call.Number(call.Input(1))), axis = call.Axis(call.Int("axis", -1), indices.Rank + 1);
        int[] shape = [.. indices.Shape[..axis], depth, .. indices.Shape[axis..]], from = new int[call.Product(shape)];
        double[] index = Elements.Doubles(indices);
        int inner = Movement.Inner(shape, axis);
        for (int i = 0; i < index.Length; i++)
        {
            // Beyond the depth all is off.
            double place = index[i] < 0 ? index[i] + depth : index[i];
            if (place >= 0 && place < depth)
            {
                from[(((i / inner * depth) + (int)place) * inner) + (i % inner)] = 1;
            }
        }

        return [Movement.Pick(values, shape, from)];
    }

    /// <summary>Keeps the upper or lower triangle of each matrix, from the k-th diagonal.</summary>
    private static OnnxValue?[] Triangle(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank < 2)
        {
            throw call.Error($"expected matrices, got {x}.");
        }

        bool upper = call.Int("upper", 1) != 0;
        long k = call.Optional(1) is { } given ? call.Integer(given) : 0;
        int rows = x.Shape[^2], columns = x.Shape[^1];
        int[] from = new int[x.Count];
        for (int i = 0; i < from.Length; i++)
        {
            long beyond = (i % columns) - (i / columns % rows) - k;
            from[i] = (upper ? beyond >= 0 : beyond <= 0) ? i : -1;
        }

        return [Movement.Pick(x, x.Shape, from)];
    }

    private static OnnxValue?[] Range(OnnxCall call)
    {
        OnnxValue start = call.Input(0), limit = call.Input(1), step = call.Input(2);
        double first = call.Number(start), last = call.Number(limit), by = call.Number(step);
        if (by == 0 || double.IsNaN(first + last + by) || start.Type != limit.Type || start.Type != step.Type)
        {
            throw call.Error($"expected numbers of one type and a step that is not 0, got {start} {first}, {limit} {last}, {step} {by}.");
        }

        int count = call.Size((long)Math.Clamp(Math.Ceiling((last - first) / by), 0, 1L << 40));
        return [OnnxElements.Number<RangeWork, OnnxValue>(start.Type, new RangeWork(start, step, count))];
    }

    private readonly record struct ExtremeWork(int[] Shape, int Axis, bool Largest, bool Last) : IOrderWork
    {
        public int[] Run<T>(T[] x)
            where T : IComparable<T>
        {
            int size = Shape[Axis], inner = Movement.Inner(Shape, Axis);
            int[] places = new int[x.Length / size];
            for (int line = 0; line < places.Length; line++)
            {
                int start = (line / inner * size * inner) + (line % inner), best = 0;
                for (int i = 1; i < size; i++)
                {
                    int order = x[start + (i * inner)].CompareTo(x[start + (best * inner)]);
                    best = (Largest ? order > 0 : order < 0) || (Last && order == 0) ? i : best;
                }

                places[line] = best;
            }

            return places;
        }
    }

    private readonly struct RangeWork(OnnxValue start, OnnxValue step, int count) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T first = start.Data<T>()[0], by = step.Data<T>()[0];
            T[] y = new T[count];
            for (int i = 0; i < count; i++)
            {
                y[i] = first + (by * T.CreateTruncating(i));
            }

            return OnnxValue.Of(y, count);
        }
    }
}
