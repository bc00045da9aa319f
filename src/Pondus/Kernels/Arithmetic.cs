using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Elementwise arithmetic and whole-array sums.</summary>
internal static unsafe class Arithmetic
{
    /// <summary>y = x.</summary>
    public static void Copy(float* x, float* y, nint n) => Launch.Range(new CopyKernel { X = x, Y = y }, n);

    /// <summary>x = value.</summary>
    public static void Fill(float* x, float value, nint n) => Launch.Range(new FillKernel { X = x, Value = value }, n);

    /// <summary>y = factor x; y may be x.</summary>
    public static void Scale(float* x, float factor, float* y, nint n) => Binary.Forward(BinaryKind.Multiply, x, 1, &factor, 0, y, n);

    /// <summary>y += x.</summary>
    public static void AddTo(float* x, float* y, nint n) => Binary.Forward(BinaryKind.Add, y, 1, x, 1, y, n);

    /// <summary>y += factor x.</summary>
    public static void AddScaled(float* x, float factor, float* y, nint n) => Launch.Range(new AddScaledKernel { X = x, Y = y, Factor = factor }, n);

    /// <summary>y = x limited to [low, high]; NaN stays.</summary>
    public static void Clamp(float* x, float low, float high, float* y, nint n) => Launch.Range(new ClampKernel { X = x, Y = y, Low = low, High = high }, n);

    /// <summary>The sum.</summary>
    public static float Sum(float* x, nint n) => (float)PairSum.Of<SumTerm>(x, x, n);

    /// <summary>The sum of x^2.</summary>
    public static double SumOfSquares(float* x, nint n) => PairSum.Of<ProductTerm>(x, x, n);

    /// <summary>The sum of |x|.</summary>
    public static double SumOfAbsolutes(float* x, nint n) => PairSum.Of<AbsoluteTerm>(x, x, n);

    /// <summary>The scalar product, in double precision.</summary>
    public static double WideDot(float* x, float* y, nint n) => PairSum.Of<ProductTerm>(x, y, n);

    /// <summary>The scalar product.</summary>
    public static float Dot(float* x, float* y, nint n) => (float)PairSum.Of<ProductTerm>(x, y, n);

    /// <summary>The largest element; NaN when any is NaN, -infinity for none.</summary>
    public static float Maximum(float* x, nint n) => Extreme(x, n, false);

    /// <summary>The smallest element; NaN when any is NaN, infinity for none.</summary>
    public static float Minimum(float* x, nint n) => -Extreme(x, n, true);

    /// <summary>Tells whether no element is infinite or NaN.</summary>
    public static bool AllFinite(float* x, nint n) => PairSum.Of<FiniteTerm>(x, x, n) == 0;

    private static float Extreme(float* x, nint n, bool negate)
    {
        double best = double.NegativeInfinity;
        foreach (double partial in Launch.Partials(new ExtremeKernel { X = x, Negate = negate }, n, Launch.ChunkSize))
        {
            best = Math.Max(best, partial);
        }

        return (float)best;
    }

    private struct CopyKernel : IRangeKernel
    {
        public float* X;
        public float* Y;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV> => Buffer.MemoryCopy(X + begin, Y + begin, (end - begin) * sizeof(float), (end - begin) * sizeof(float));
    }

    private struct FillKernel : IRangeKernel
    {
        public float* X;
        public float Value;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X;
            TV value = TV.Create(Value);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV.Store(x + i, value);
            }

            if (i < end)
            {
                TV.StorePartial(x + i, end - i, value);
            }
        }
    }

    private struct AddScaledKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public float Factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X, y = Y;
            TV factor = TV.Create(Factor);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV.Store(y + i, TV.Fma(factor, TV.Load(x + i), TV.Load(y + i)));
            }

            if (i < end)
            {
                TV.StorePartial(y + i, end - i, TV.Fma(factor, TV.LoadPartial(x + i, end - i), TV.LoadPartial(y + i, end - i)));
            }
        }
    }

    private struct ClampKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public float Low;
        public float High;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X, y = Y;
            TV low = TV.Create(Low), high = TV.Create(High);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV.Store(y + i, TV.Min(high, TV.Max(low, TV.Load(x + i))));
            }

            if (i < end)
            {
                TV.StorePartial(y + i, end - i, TV.Min(high, TV.Max(low, TV.LoadPartial(x + i, end - i))));
            }
        }
    }

    private struct ExtremeKernel : IPartialKernel
    {
        public float* X;
        public bool Negate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly double Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X;
            TV flip = TV.CreateBits(Negate ? int.MinValue : 0), best = TV.Create(float.NegativeInfinity), other = best, nan = TV.Create(0f);
            nint i = begin;
            for (; i <= end - (2 * TV.Count); i += 2 * TV.Count)
            {
                TV u = TV.Load(x + i) ^ flip, v = TV.Load(x + i + TV.Count) ^ flip;
                nan |= TV.IsNaN(u) | TV.IsNaN(v);
                best = TV.Max(u, best);
                other = TV.Max(v, other);
            }

            for (; i < end; i += TV.Count)
            {
                nint rest = Math.Min(TV.Count, end - i);
                TV mask = VectorMath.FirstLanes<TV>(rest);
                TV u = TV.Select(mask, TV.LoadPartial(x + i, rest) ^ flip, best);
                nan |= TV.IsNaN(u);
                best = TV.Max(u, best);
            }

            return TV.Any(nan) ? double.NaN : TV.MaxLanes(TV.Max(best, other));
        }
    }

    internal readonly struct SumTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => a;
    }

    private readonly struct ProductTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => a * b;
    }

    private readonly struct AbsoluteTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => VectorMath.Absolute(a);
    }

    // 0 for a finite number and NaN for any other.
    private readonly struct FiniteTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => a * TV.Create(0f);
    }
}
