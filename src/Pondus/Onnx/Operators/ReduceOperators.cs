using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Reductions along axes, and what else goes along an axis.</summary>
internal static class ReduceOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("ReduceSum", static call => [Reduce<SumFunction>(call, 13, static (x, axis) => x.Sum(axis, true))]);
        table.AddWidened("ReduceMean", static call => [Mean(call)]);
        table.AddWidened("ReduceMax", static call => [Reduce<MaximumFunction>(call, 18, static (x, axis) => x.Max(axis, true))]);
        table.AddWidened("ReduceMin", static call => [Reduce<MinimumFunction>(call, 18, static (x, axis) => x.Min(axis, true))]);
        table.AddWidened("ReduceProd", static call => [Reduce<ProductFunction>(call, 18, null)]);
        table.AddWidened("ReduceSumSquare", static call => [Reduce<SumFunction>(call, 18, static (x, axis) => x.Sum(axis, true), static x => x.Square(), static x => x * x)]);
        table.AddWidened("ReduceL1", static call => [Reduce<SumFunction>(call, 18, static (x, axis) => x.Sum(axis, true), static x => x.Absolute(), Math.Abs)]);
        table.AddWidened("ReduceL2", static call => [Reduce<SumFunction>(call, 18, static (x, axis) => x.Sum(axis, true), static x => x.Square(), static x => x * x, static x => x.SquareRoot(), Math.Sqrt)]);
        table.AddWidened("ReduceLogSum", static call => [Reduce<SumFunction>(call, 18, static (x, axis) => x.Sum(axis, true), null, null, static x => x.Logarithm(), Math.Log)]);
        table.AddWidened("ReduceLogSumExp", static call => [LogSumExp(call)]);
        table.AddWidened("ArgMax", static call => [ArgExtreme(call, largest: true)]);
        table.AddWidened("ArgMin", static call => [ArgExtreme(call, largest: false)]);
        table.AddWidened("CumSum", static call => [CumSum(call)]);
    }

    private static OnnxValue Mean(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int[] axes = Axes(call, x, 18);
        OnnxValue sum = Reduce<SumFunction>(call, 18, static (x, axis) => x.Mean(axis, true));
        if (EngineValues.Takes(x) || axes.Length == 0)
        {
            return sum;
        }

        double count = axes.Aggregate(1d, (product, axis) => product * x.Shape[axis]);
        return FunctionTables.Map(sum, null, value => x.IsFloating ? value / count : Math.Truncate(value / count));
    }

    private static OnnxValue LogSumExp(OnnxCall call)
    {
        // The largest of each sum is taken out first, so that no power overflows; it is a constant to the gradient.
        OnnxValue x = call.Input(0);
        double[] values = Elements.Doubles(x);
        OnnxValue wide = OnnxValue.Of(values, x.Shape);
        OnnxValue most = Reduce<MaximumFunction>(call, 18, null, x: wide, keeps: true);
        double[] largest = Array.ConvertAll(most.Data<double>(), static value => double.IsFinite(value) ? value : 0);
        int[] places = Broadcast.Places(most.Shape, x.Shape);
        if (EngineValues.IsRecording && EngineValues.Takes(x))
        {
            Tensor shift = Tensor.Of(Array.ConvertAll(largest, static value => (float)value), new Shape(most.Shape));
            OnnxValue total = Reduce<SumFunction>(call, 18, static (y, axis) => y.Sum(axis, true), x: OnnxValue.Of((x.AsTensor() - shift).Exponential()));
            return OnnxValue.Of(total.AsTensor().Logarithm() + shift.Reshape(new Shape(total.Shape)));
        }

        double[] powers = [.. values.Select((value, i) => Math.Exp(value - largest[places[i]]))];
        OnnxValue sum = Reduce<SumFunction>(call, 18, null, x: OnnxValue.Of(powers, x.Shape));
        return Elements.OfDoubles(x.Type, [.. sum.Data<double>().Select((value, i) => Math.Log(value) + largest[i])], sum.Shape);
    }

    private static int[] Axes(OnnxCall call, OnnxValue x, int inputSince)
    {
        long[]? given = call.Opset >= inputSince ? call.Optional(1)?.Integers() : call.Ints("axes");
        if (given is null || given.Length == 0)
        {
            return call.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, x.Rank)];
        }

        return [.. given.Select(axis => call.Axis(axis, x.Rank)).Distinct().Order()];
    }

    private static OnnxValue Reduce<TFunction>(
        OnnxCall call,
        int inputSince,
        Func<Tensor, int, Tensor>? engine,
        Func<Tensor, Tensor>? engineBefore = null,
        Func<double, double>? before = null,
        Func<Tensor, Tensor>? engineAfter = null,
        Func<double, double>? after = null,
        OnnxValue? x = null,
        bool keeps = false)
        where TFunction : struct, IFold
    {
        x ??= call.Input(0);
        int[] axes = Axes(call, x, inputSince);
        keeps |= call.Int("keepdims", 1) != 0;
        int[] shape = [.. x.Shape];
        Array.ForEach(axes, axis => shape[axis] = 1);
        int[] final = keeps ? shape : [.. shape.Where((_, axis) => !axes.Contains(axis))];
        if (engine is not null && EngineValues.Takes(x))
        {
            Tensor y = engineBefore is null ? x.AsTensor() : engineBefore(x.AsTensor());
            foreach (int axis in axes.Reverse())
            {
                y = engine(y, axis);
            }

            return OnnxValue.Of(engineAfter is null ? y : engineAfter(y)).Reshaped(final);
        }

        OnnxValue input = before is null ? x : FunctionTables.Map(x, null, before);
        OnnxValue folded = axes.Length == 0 ? input : OnnxElements.Number<FoldWork<TFunction>, OnnxValue>(x.Type, new FoldWork<TFunction>(input, shape));
        return (after is null ? folded : FunctionTables.Map(folded, null, after)).Reshaped(final);
    }

    private static OnnxValue ArgExtreme(OnnxCall call, bool largest)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
        bool last = call.Int("select_last_index", 0) != 0;
        double[] values = Elements.Doubles(x);
        if (size == 0)
        {
            throw call.Error($"expected at least one element along axis {axis}, got {x}.");
        }

        long[] best = new long[values.Length / size];
        for (int i = 0; i < best.Length; i++)
        {
            int start = ((i / inner) * size * inner) + (i % inner);
            for (int k = 1; k < size; k++)
            {
                double now = values[start + (k * inner)], most = values[start + ((int)best[i] * inner)];
                if (largest ? now > most || (last && now == most) : now < most || (last && now == most))
                {
                    best[i] = k;
                }
            }
        }

        int[] shape = [.. x.Shape];
        shape[axis] = 1;
        return OnnxValue.Of(best, call.Int("keepdims", 1) != 0 ? shape : [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]]);
    }

    private static OnnxValue CumSum(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Integer(call.Input(1)), x.Rank), size = x.Shape[axis];
        bool exclusive = call.Int("exclusive", 0) != 0, reverse = call.Int("reverse", 0) != 0;
        if (EngineValues.IsRecording && EngineValues.Takes(x))
        {
            // A product with a triangle of ones: gradients flow through it.
            float[] triangle = new float[size * size];
            for (int i = 0; i < triangle.Length; i++)
            {
                int across = reverse ? (i / size) - (i % size) : (i % size) - (i / size);
                triangle[i] = across > 0 || (across == 0 && !exclusive) ? 1f : 0f;
            }

            Tensor last = x.AsTensor().Transpose(axis, x.Rank - 1).MatMul(Tensor.Of(triangle, [size, size]));
            return OnnxValue.Of(last.Transpose(axis, x.Rank - 1));
        }

        return OnnxElements.Number<SumWork, OnnxValue>(x.Type, new SumWork(x, axis, exclusive, reverse));
    }

    private interface IFold
    {
        static abstract T Start<T>()
            where T : INumber<T>, IMinMaxValue<T>;

        static abstract T Add<T>(T sum, T value)
            where T : INumber<T>;
    }

    private readonly struct FoldWork<TFunction>(OnnxValue x, int[] shape) : IOnnxNumberVisitor<OnnxValue>
        where TFunction : struct, IFold
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] values = x.Data<T>(), y = new T[OnnxStorage.Count(shape)];
            Array.Fill(y, TFunction.Start<T>());
            // Where each element goes is where the reduced shape would be read from when repeated.
            int[] places = Broadcast.Places(shape, x.Shape);
            for (int i = 0; i < values.Length; i++)
            {
                y[places[i]] = TFunction.Add(y[places[i]], values[i]);
            }

            return OnnxValue.Of(x.Type, y, shape);
        }
    }

    private readonly struct SumWork(OnnxValue x, int axis, bool exclusive, bool reverse) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] values = x.Data<T>(), y = new T[values.Length];
            int size = x.Shape[axis], inner = Movement.Inner(x.Shape, axis);
            for (int line = 0; size > 0 && line < values.Length / size; line++)
            {
                T sum = T.Zero;
                int start = ((line / inner) * size * inner) + (line % inner);
                for (int k = 0; k < size; k++)
                {
                    int place = start + ((reverse ? size - 1 - k : k) * inner);
                    T before = sum;
                    sum += values[place];
                    y[place] = exclusive ? before : sum;
                }
            }

            return OnnxValue.Of(x.Type, y, x.Shape);
        }
    }

    private readonly struct SumFunction : IFold
    {
        public static T Start<T>()
            where T : INumber<T>, IMinMaxValue<T> => T.Zero;

        public static T Add<T>(T sum, T value)
            where T : INumber<T> => sum + value;
    }

    private readonly struct ProductFunction : IFold
    {
        public static T Start<T>()
            where T : INumber<T>, IMinMaxValue<T> => T.One;

        public static T Add<T>(T sum, T value)
            where T : INumber<T> => sum * value;
    }

    private readonly struct MaximumFunction : IFold
    {
        public static T Start<T>()
            where T : INumber<T>, IMinMaxValue<T> => T.IsInteger(T.MinValue) && T.MaxValue - T.One != T.MaxValue ? T.MinValue : T.CreateSaturating(double.NegativeInfinity);

        public static T Add<T>(T sum, T value)
            where T : INumber<T> => T.Max(sum, value);
    }

    private readonly struct MinimumFunction : IFold
    {
        public static T Start<T>()
            where T : INumber<T>, IMinMaxValue<T> => T.MaxValue - T.One != T.MaxValue ? T.MaxValue : T.CreateSaturating(double.PositiveInfinity);

        public static T Add<T>(T sum, T value)
            where T : INumber<T> => T.Min(sum, value);
    }
}
