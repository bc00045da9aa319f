using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Reductions over the middle axis of a row-major (outer, axis, inner) array, and their gradients.</summary>
internal static unsafe class Reduction
{
    // From here on, one row is worth splitting.
    private const nint LongRow = 65536;

    /// <summary>y[o, i] = the sum over a of x[o, a, i].</summary>
    public static void Sum(float* x, nint outer, nint axis, nint inner, float* y)
    {
        if (outer <= 0 || inner <= 0)
        {
            return;
        }

        if (axis * inner >= LongRow || outer == 1)
        {
            for (nint o = 0; o < outer; o++, x += axis * inner, y += inner)
            {
                LinearKernels.SumColumns(x, axis, inner, y, false);
            }
        }
        else
        {
            Launch.Rows(new SumKernel { X = x, Axis = axis, Inner = inner, Y = y }, outer, axis * inner);
        }
    }

    /// <summary>The largest over the axis and, unless null, where it first stands; NaN wins.</summary>
    public static void Max(float* x, nint outer, nint axis, nint inner, float* y, int* argument) => Extreme(x, outer, axis, inner, y, argument, 0);

    /// <summary>The smallest over the axis and, unless null, where it first stands; NaN wins.</summary>
    public static void Min(float* x, nint outer, nint axis, nint inner, float* y, int* argument) => Extreme(x, outer, axis, inner, y, argument, int.MinValue);

    /// <summary>dx[o, a, i] (+)= factor dy[o, i].</summary>
    public static void Broadcast(float* dy, nint outer, nint axis, nint inner, float* dx, float factor, bool add)
    {
        if (axis <= 0)
        {
            return;
        }

        if (inner == 1)
        {
            Launch.Rows(new SpreadKernel { Dy = dy, Axis = axis, Dx = dx, Factor = factor, Add = add }, outer, axis);
        }
        else
        {
            Launch.Rows(new BroadcastKernel { Dy = dy, Axis = axis, Inner = inner, Dx = dx, Factor = factor, Add = add }, outer * axis, inner);
        }
    }

    /// <summary>dx[o, argument[o, i], i] += dy[o, i], after setting dx to 0 unless adding.</summary>
    public static void ScatterExtreme(float* dy, int* argument, nint outer, nint axis, nint inner, float* dx, bool add)
    {
        if (!add)
        {
            Arithmetic.Fill(dx, 0, outer * axis * inner);
        }

        for (nint o = 0; o < outer; o++, dx += axis * inner, dy += inner, argument += inner)
        {
            for (nint i = 0; i < inner; i++)
            {
                dx[(argument[i] * inner) + i] += dy[i];
            }
        }
    }

    private static void Extreme(float* x, nint outer, nint axis, nint inner, float* y, int* argument, int flip)
    {
        if (axis > 0 && inner > 0)
        {
            Launch.Rows(new ExtremeKernel { X = x, Axis = axis, Inner = inner, Y = y, Argument = argument, Flip = flip }, outer, axis * inner);
        }
    }

    private struct SumKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public nint Axis;
        public nint Inner;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint o = begin; o < end; o++)
            {
                float* x = X + (o * Axis * Inner);
                if (Inner == 1)
                {
                    Y[o] = (float)PairSum.Part<Arithmetic.SumTerm, TV>(x, x, Axis, default);
                }
                else
                {
                    ColumnSum.Part<TV>(x, null, Axis, Inner, Y + (o * Inner));
                }
            }
        }
    }

    private struct ExtremeKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public int* Argument;
        public nint Axis;
        public nint Inner;
        public int Flip;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            TV flip = TV.CreateBits(Flip);
            for (nint o = begin; o < end; o++)
            {
                float* x = X + (o * Axis * Inner), y = Y + (o * Inner);
                int* argument = Argument == null ? null : Argument + (o * Inner);
                if (Inner == 1)
                {
                    int index = (int)RowExtreme.Find(x, Axis, flip, out float value);
                    *y = value;
                    if (argument != null)
                    {
                        *argument = index;
                    }

                    continue;
                }

                for (nint i = 0; i < Inner; i += TV.Count)
                {
                    nint n = Math.Min(TV.Count, Inner - i);
                    TV best = TV.LoadPartial(x + i, n) ^ flip, index = TV.CreateBits(0);
                    for (nint a = 1; a < Axis; a++)
                    {
                        TV v = TV.LoadPartial(x + (a * Inner) + i, n) ^ flip;

                        // A lane that is NaN already is kept; otherwise anything not at or below the best wins, NaN included.
                        TV keep = TV.GreaterOrEqual(best, v) | TV.IsNaN(best);
                        best = TV.Select(keep, best, v);
                        index = TV.Select(keep, index, TV.CreateBits((int)a));
                    }

                    TV.StorePartial(y + i, n, best ^ flip);
                    if (argument != null)
                    {
                        TV.StorePartial((float*)(argument + i), n, index);
                    }
                }
            }
        }
    }

    private struct SpreadKernel : IRangeKernel
    {
        public float* Dy;
        public float* Dx;
        public nint Axis;
        public float Factor;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint o = begin; o < end; o++)
            {
                float* dx = Dx + (o * Axis);
                TV value = TV.Create(Dy[o] * Factor);
                nint a = 0;
                for (; a <= Axis - TV.Count; a += TV.Count)
                {
                    TV.Store(dx + a, Add ? TV.Load(dx + a) + value : value);
                }

                if (a < Axis)
                {
                    TV.StorePartial(dx + a, Axis - a, Add ? TV.LoadPartial(dx + a, Axis - a) + value : value);
                }
            }
        }
    }

    private struct BroadcastKernel : IRangeKernel
    {
        public float* Dy;
        public float* Dx;
        public nint Axis;
        public nint Inner;
        public float Factor;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            TV factor = TV.Create(Factor);
            nint o = begin / Axis, a = begin % Axis;
            for (nint row = begin; row < end; row++)
            {
                float* dx = Dx + (row * Inner), dy = Dy + (o * Inner);
                nint i = 0;
                for (; i <= Inner - TV.Count; i += TV.Count)
                {
                    TV v = TV.Load(dy + i) * factor;
                    TV.Store(dx + i, Add ? TV.Load(dx + i) + v : v);
                }

                if (i < Inner)
                {
                    TV v = TV.LoadPartial(dy + i, Inner - i) * factor;
                    TV.StorePartial(dx + i, Inner - i, Add ? TV.LoadPartial(dx + i, Inner - i) + v : v);
                }

                if (++a == Axis)
                {
                    a = 0;
                    o++;
                }
            }
        }
    }
}
