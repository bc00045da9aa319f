using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>A function's value and its gradient in one pass on this thread: both need the same exponential.</summary>
internal static unsafe class ValueAndGradient
{
    private interface IBoth
    {
        static abstract TV Both<TV>(TV x, TV dy, out TV value)
            where TV : struct, IVector<TV>;
    }

    /// <summary>y = f(x), and d becomes d f'(x).</summary>
    public static void Run<TV>(UnaryKind kind, float* x, float* y, float* d, nint n)
        where TV : struct, IVector<TV>
    {
        switch (kind)
        {
            case UnaryKind.GeluTanh:
                Run<TV, GeluTanh>(x, y, d, n);
                break;
            case UnaryKind.Gelu:
                Run<TV, Gelu>(x, y, d, n);
                break;
            default:
                Unary.Forward(kind, x, y, n, 0f);
                Unary.Backward(kind, x, y, d, d, n, false, 0f);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TV, TBoth>(float* x, float* y, float* d, nint n)
        where TV : struct, IVector<TV>
        where TBoth : struct, IBoth
    {
        nint i = 0;
        for (; i <= n - TV.Count; i += TV.Count)
        {
            TV.Store(d + i, TBoth.Both(TV.Load(x + i), TV.Load(d + i), out TV value));
            TV.Store(y + i, value);
        }

        if (i < n)
        {
            TV.StorePartial(d + i, n - i, TBoth.Both(TV.LoadPartial(x + i, n - i), TV.LoadPartial(d + i, n - i), out TV value));
            TV.StorePartial(y + i, n - i, value);
        }
    }

    private readonly struct GeluTanh : IBoth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Both<TV>(TV x, TV dy, out TV value)
            where TV : struct, IVector<TV>
        {
            TV bounded = TV.Max(TV.Create(-1e6f), TV.Min(TV.Create(1e6f), x)), square = bounded * bounded;
            TV slope = VectorMath.SigmoidSlope(bounded * TV.Fma(square, TV.Create(0.0713548163f), TV.Create(1.59576912f)), out TV s);
            value = TV.Max(TV.Create(-1e12f), x) * s;
            return dy * TV.Fma(slope, bounded * TV.Fma(square, TV.Create(0.214064449f), TV.Create(1.59576912f)), s);
        }
    }

    private readonly struct Gelu : IBoth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Both<TV>(TV x, TV dy, out TV value)
            where TV : struct, IVector<TV>
        {
            TV tail = VectorMath.NormalTail(x, out TV bell);
            TV distribution = TV.Select(TV.Greater(x, TV.Create(0f)), TV.Create(1f) - tail, tail);
            TV above = TV.Max(TV.Create(-1e30f), x);
            value = above * distribution;
            return dy * TV.Fma(TV.Max(TV.Create(-1e30f), TV.Min(TV.Create(1e30f), x)) * TV.Create(0.398942280f), bell, distribution);
        }
    }
}
