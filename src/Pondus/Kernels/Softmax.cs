using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Softmax and log-softmax over the last axis.</summary>
internal static unsafe class Softmax
{
    private const int BlockVectors = 128;

    /// <summary>y = softmax(x), or its logarithm, in each row of n; y may be x.</summary>
    public static void Forward(float* x, float* y, nint rows, nint n, bool log) =>
        Launch.Rows(new ForwardKernel { X = x, Y = y, N = n, Log = log }, rows, n);

    /// <summary>dx (+)= the gradient, from the result y and its gradient dy; dx may be dy.</summary>
    public static void Backward(float* y, float* dy, float* dx, nint rows, nint n, bool log, bool add) =>
        Launch.Rows(new BackwardKernel { Y = y, Dy = dy, Dx = dx, N = n, Log = log, Add = add }, rows, n);

    /// <summary>The largest of a row; any number when one is NaN, since the sum is NaN then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float RowMaximum<TV>(float* x, nint n)
        where TV : struct, IVector<TV>
    {
        TV best = TV.Create(float.NegativeInfinity), other = best;
        nint i = 0;
        for (; i <= n - (2 * TV.Count); i += 2 * TV.Count)
        {
            best = TV.Max(TV.Load(x + i), best);
            other = TV.Max(TV.Load(x + i + TV.Count), other);
        }

        for (; i < n; i += TV.Count)
        {
            nint rest = Math.Min(TV.Count, n - i);
            best = TV.Max(TV.Select(VectorMath.FirstLanes<TV>(rest), TV.LoadPartial(x + i, rest), best), best);
        }

        return TV.MaxLanes(TV.Max(best, other));
    }

    /// <summary>The sum of e^(x - maximum) over a row; the terms are written to y unless it is null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float RowExponentials<TV>(float* x, float* y, nint n, float maximum)
        where TV : struct, IVector<TV>
    {
        TV m = TV.Create(maximum);
        double total = 0;
        nint i = 0;
        while (i < n)
        {
            // Short blocks bound the rounding error, also with one lane.
            nint stop = Math.Min(n, i + (BlockVectors * TV.Count));
            TV sum = TV.Create(0f), other = sum;
            for (; i <= stop - (2 * TV.Count); i += 2 * TV.Count)
            {
                TV e = VectorMath.Exp(TV.Load(x + i) - m), f = VectorMath.Exp(TV.Load(x + i + TV.Count) - m);
                if (y != null)
                {
                    TV.Store(y + i, e);
                    TV.Store(y + i + TV.Count, f);
                }

                sum += e;
                other += f;
            }

            for (; i < stop; i += TV.Count)
            {
                nint rest = Math.Min(TV.Count, stop - i);
                TV e = VectorMath.Exp(TV.LoadPartial(x + i, rest) - m);
                if (y != null)
                {
                    TV.StorePartial(y + i, rest, e);
                }

                sum += VectorMath.FirstLanes<TV>(rest) & e;
            }

            total += TV.SumLanes(sum + other);
        }

        return (float)total;
    }

    private struct ForwardKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public nint N;
        public bool Log;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint n = N;
            float* x = X + (begin * n), y = Y + (begin * n);
            if (n <= TV.Count)
            {
                TV lanes = VectorMath.FirstLanes<TV>(n), lowest = TV.Create(float.NegativeInfinity);
                for (nint r = begin; r < end; r++, x += n, y += n)
                {
                    TV v = TV.Select(lanes, TV.LoadPartial(x, n), lowest);
                    v -= TV.Create(TV.MaxLanes(v));
                    TV e = VectorMath.Exp(v), sum = TV.Create(TV.SumLanes(e));
                    TV.StorePartial(y, n, Log ? v - VectorMath.Log(sum) : e / sum);
                }

                return;
            }

            for (nint r = begin; r < end; r++, x += n, y += n)
            {
                float maximum = RowMaximum<TV>(x, n), sum = RowExponentials<TV>(x, Log ? null : y, n, maximum);
                TV shift = TV.Create(maximum), logarithm = TV.Create(MathF.Log(sum)), factor = TV.Create(1 / sum);
                for (nint i = 0; i < n; i += TV.Count)
                {
                    nint rest = Math.Min(TV.Count, n - i);
                    TV v = Log ? TV.LoadPartial(x + i, rest) - shift - logarithm : TV.LoadPartial(y + i, rest) * factor;
                    TV.StorePartial(y + i, rest, v);
                }
            }
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* Y;
        public float* Dy;
        public float* Dx;
        public nint N;
        public bool Log;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint n = N;
            float* y = Y + (begin * n), dy = Dy + (begin * n), dx = Dx + (begin * n);
            for (nint r = begin; r < end; r++, y += n, dy += n, dx += n)
            {
                TV sum = TV.Create(0f), other = sum;
                nint i = 0;
                for (; i <= n - TV.Count; i += TV.Count)
                {
                    sum = Log ? sum + TV.Load(dy + i) : TV.Fma(TV.Load(dy + i), TV.Load(y + i), sum);
                }

                if (i < n)
                {
                    other = TV.LoadPartial(dy + i, n - i);
                    other = Log ? other : other * TV.LoadPartial(y + i, n - i);
                }

                sum = TV.Create(TV.SumLanes(sum + other));
                for (i = 0; i < n; i += TV.Count)
                {
                    nint rest = Math.Min(TV.Count, n - i);
                    TV v = TV.LoadPartial(y + i, rest), d = TV.LoadPartial(dy + i, rest);
                    d = Log ? d - (VectorMath.Exp(v) * sum) : v * (d - sum);
                    TV.StorePartial(dx + i, rest, Add ? TV.LoadPartial(dx + i, rest) + d : d);
                }
            }
        }
    }
}
