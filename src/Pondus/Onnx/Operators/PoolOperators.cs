using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>The largest value or the mean of windows.</summary>
internal static class PoolOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("MaxPool", MaxPool);
        table.AddSingle("AveragePool", AveragePool);
        table.AddSingle("GlobalAveragePool", static call => [Global(call, static x => x.Mean(2))]);
        table.AddSingle("GlobalMaxPool", static call => [Global(call, static x => x.Max(2))]);
    }

    private static OnnxValue Global(OnnxCall call, Func<Tensor, Tensor> function)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank < 3 || x.Count == 0)
        {
            throw call.Error($"expected (batch, channels, ...) with elements, got {x}.");
        }

        Tensor y = function(x.AsTensor().Reshape([x.Shape[0], x.Shape[1], Movement.Inner(x.Shape, 1)]));
        return OnnxValue.Of(y).Reshaped([x.Shape[0], x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)]);
    }

    private static OnnxValue?[] MaxPool(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        SpatialPlan plan = Plan(call, x);
        return !call.Wants(1) && ByEngine(plan, x, average: false, countPadding: false) is { } y
            ? [y]
            : OnnxElements.Number<MaxWork, OnnxValue?[]>(x.Type, new MaxWork(x, plan, call.Int("storage_order", 0) != 0));
    }

    private static OnnxValue?[] AveragePool(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        SpatialPlan plan = Plan(call, x);
        bool countPadding = call.Int("count_include_pad", 0) != 0;
        if (ByEngine(plan, x, average: true, countPadding) is { } y)
        {
            return [y];
        }

        float[] input = x.Data<float>();
        int planes = x.Shape[0] * x.Shape[1], inPlaces = Movement.Count(plan.Input), outPlaces = Movement.Count(plan.Output);
        double[] sums = new double[planes * outPlaces];
        int[] counts = new int[outPlaces];
        int taps = Movement.Count(plan.Kernel);
        plan.ForEachTap((to, tap, from) =>
        {
            // Padding counts, but not what the last window has beyond it.
            counts[to] += from >= 0 || (countPadding && IsPadding(plan, to, tap)) ? 1 : 0;
            for (int plane = 0; from >= 0 && plane < planes; plane++)
            {
                sums[(plane * outPlaces) + to] += input[(plane * inPlaces) + from];
            }
        });
        return [OnnxValue.Of([.. sums.Select((sum, i) => (float)(sum / counts[i % outPlaces]))], [x.Shape[0], x.Shape[1], .. plan.Output])];
    }

    private static bool IsPadding(SpatialPlan plan, int to, int tap)
    {
        for (int i = plan.Axes - 1; i >= 0; i--)
        {
            (to, int at) = Math.DivRem(to, plan.Output[i]);
            (tap, int step) = Math.DivRem(tap, plan.Kernel[i]);
            if ((at * plan.Strides[i]) + (step * plan.Dilations[i]) >= plan.Before[i] + plan.Input[i] + plan.After[i])
            {
                return false;
            }
        }

        return true;
    }

    private static SpatialPlan Plan(OnnxCall call, OnnxValue x)
    {
        if (x.Rank < 3)
        {
            throw call.Error($"expected (batch, channels, ...), got {x}.");
        }

        SpatialPlan plan = new(call, x.Shape, SpatialPlan.Setting(call, "kernel_shape", x.Rank - 2, 1), call.Int("ceil_mode", 0) != 0);
        call.Product([x.Shape[0], x.Shape[1], .. plan.Output]);
        return plan;
    }

    private static OnnxValue? ByEngine(SpatialPlan plan, OnnxValue x, bool average, bool countPadding)
    {
        if (plan.Axes > 2 || !EngineValues.Takes(x) || plan.Output.Any(static size => size < 1) || !plan.Before.SequenceEqual(plan.After))
        {
            return null;
        }

        PoolWindows[] windows = new PoolWindows[plan.Axes];
        for (int i = 0; i < windows.Length; i++)
        {
            bool ceil = new PoolWindows(plan.Kernel[i], plan.Strides[i], plan.Before[i], plan.Dilations[i]).Over(plan.Input[i]).Output != plan.Output[i];
            windows[i] = new PoolWindows(plan.Kernel[i], plan.Strides[i], plan.Before[i], plan.Dilations[i], ceil);
            if (windows[i].Over(plan.Input[i]).Output != plan.Output[i] || (average && plan.Dilations[i] != 1))
            {
                return null;
            }
        }

        PoolPlan geometry = windows.Length == 1
            ? new PoolPlan(PoolWindows.Single, windows[0], 1, plan.Input[0])
            : new PoolPlan(windows[0], windows[1], plan.Input[0], plan.Input[1]);
        return OnnxValue.Of(PoolOperation.Apply(x.AsTensor(), geometry, average, countPadding));
    }

    private readonly struct MaxWork(OnnxValue x, SpatialPlan plan, bool columnsFirst) : IOnnxNumberVisitor<OnnxValue?[]>
    {
        public OnnxValue?[] Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] input = x.Data<T>();
            int planes = x.Shape[0] * x.Shape[1], inPlaces = Movement.Count(plan.Input), outPlaces = Movement.Count(plan.Output);
            int[] shape = [x.Shape[0], x.Shape[1], .. plan.Output];
            int[] best = new int[planes * outPlaces];
            Array.Fill(best, -1);
            plan.ForEachTap((to, _, from) =>
            {
                for (int plane = 0; from >= 0 && plane < planes; plane++)
                {
                    ref int place = ref best[(plane * outPlaces) + to];
                    place = place < 0 || input[(plane * inPlaces) + from] > input[place] ? (plane * inPlaces) + from : place;
                }
            });
            T lowest = T.CreateSaturating(double.NegativeInfinity);
            T[] y = Array.ConvertAll(best, place => place < 0 ? lowest : input[place]);
            int[] sizes = plan.Input;
            bool swaps = columnsFirst && sizes.Length > 1;
            long[] indices = Array.ConvertAll(best, place => swaps ? place - (place % inPlaces) + ColumnsFirst(place % inPlaces, sizes) : (long)place);
            return [OnnxValue.Of(x.Type, y, shape), OnnxValue.Of(indices, shape)];
        }

        private static long ColumnsFirst(int place, int[] sizes)
        {
            long result = 0, stride = 1;
            int[] at = new int[sizes.Length];
            for (int i = sizes.Length - 1; i >= 0; i--)
            {
                (place, at[i]) = Math.DivRem(place, sizes[i]);
            }

            for (int i = 0; i < sizes.Length; i++)
            {
                result += at[i] * stride;
                stride *= sizes[i];
            }

            return result;
        }
    }
}
