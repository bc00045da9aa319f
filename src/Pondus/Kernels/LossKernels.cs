using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Sums of elementwise losses of predictions p and targets t, and their gradients with respect to p.</summary>
/// <remarks>A gradient is dp (+)= scale times the derivative; dp may be p.</remarks>
internal static unsafe class LossKernels
{
    /// <summary>The sum of (p - t)^2.</summary>
    public static double SquaredError(float* p, float* t, nint n) => PairSum.Of<SquaredErrorTerm>(p, t, n);

    /// <summary>2 (p - t).</summary>
    public static void SquaredErrorGradient(float* p, float* t, float* dp, nint n, float scale, bool add) => Map<DifferenceTerm>(p, t, dp, n, 2 * scale, add, 0);

    /// <summary>The sum of |p - t|.</summary>
    public static double AbsoluteError(float* p, float* t, nint n) => PairSum.Of<AbsoluteErrorTerm>(p, t, n);

    /// <summary>The sign of p - t.</summary>
    public static void AbsoluteErrorGradient(float* p, float* t, float* dp, nint n, float scale, bool add) => Map<SignTerm>(p, t, dp, n, scale, add, 0);

    /// <summary>The sum of d^2 / 2 where |d| = |p - t| is at most delta, and delta (|d| - delta / 2) elsewhere.</summary>
    public static double Huber(float* p, float* t, nint n, float delta) => PairSum.Of<HuberTerm>(p, t, n, delta);

    /// <summary>p - t limited to [-delta, delta].</summary>
    public static void HuberGradient(float* p, float* t, float* dp, nint n, float scale, bool add, float delta) => Map<HuberGradientTerm>(p, t, dp, n, scale, add, delta);

    /// <summary>The sum of -(w t log s + (1 - t) log(1 - s)), where s = sigmoid(p) and w is the weight of positives.</summary>
    public static double BinaryCrossEntropyWithLogits(float* p, float* t, nint n, float positiveWeight = 1) => PairSum.Of<LogitsTerm>(p, t, n, positiveWeight);

    /// <summary>(w t + 1 - t) sigmoid(p) - w t.</summary>
    public static void BinaryCrossEntropyWithLogitsGradient(float* p, float* t, float* dp, nint n, float scale, bool add, float positiveWeight = 1) =>
        Map<LogitsGradientTerm>(p, t, dp, n, scale, add, positiveWeight);

    /// <summary>The sum of -(t log p + (1 - t) log(1 - p)), where logarithms are at least -100.</summary>
    public static double BinaryCrossEntropy(float* p, float* t, nint n) => PairSum.Of<ProbabilityTerm>(p, t, n);

    /// <summary>(p - t) / max(p (1 - p), 1e-12).</summary>
    public static void BinaryCrossEntropyGradient(float* p, float* t, float* dp, nint n, float scale, bool add) => Map<ProbabilityGradientTerm>(p, t, dp, n, scale, add, 0);

    private static void Map<TTerm>(float* p, float* t, float* dp, nint n, float scale, bool add, float parameter)
        where TTerm : struct, IPairTerm => Launch.Range(new MapKernel<TTerm> { P = p, T = t, Dp = dp, Scale = scale, Add = add, Parameter = parameter }, n);

    private struct MapKernel<TTerm> : IRangeKernel
        where TTerm : struct, IPairTerm
    {
        public float* P;
        public float* T;
        public float* Dp;
        public float Scale;
        public float Parameter;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* p = P, t = T, dp = Dp;
            bool add = Add;
            TV scale = TV.Create(Scale), parameter = TV.Create(Parameter);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV d = scale * TTerm.Term(TV.Load(p + i), TV.Load(t + i), parameter);
                TV.Store(dp + i, add ? TV.Load(dp + i) + d : d);
            }

            nint rest = end - i;
            if (rest > 0)
            {
                TV d = scale * TTerm.Term(TV.LoadPartial(p + i, rest), TV.LoadPartial(t + i, rest), parameter);
                TV.StorePartial(dp + i, rest, add ? TV.LoadPartial(dp + i, rest) + d : d);
            }
        }
    }

    private readonly struct SquaredErrorTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV>
        {
            TV d = a - b;
            return d * d;
        }
    }

    private readonly struct DifferenceTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => a - b;
    }

    private readonly struct AbsoluteErrorTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => VectorMath.Absolute(a - b);
    }

    private readonly struct SignTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => VectorMath.Sign(a - b);
    }

    private readonly struct HuberTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV>
        {
            TV d = VectorMath.Absolute(a - b), half = TV.Create(0.5f);
            return TV.Select(TV.Greater(d, p), p * (d - (half * p)), half * d * d);
        }
    }

    private readonly struct HuberGradientTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => TV.Max(TV.Create(0f) - p, TV.Min(p, a - b));
    }

    private readonly struct LogitsTerm : IPairTerm
    {
        public static bool IsCheap => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV>
        {
            TV zero = TV.Create(0f), one = TV.Create(1f), softplus = VectorMath.Softplus(zero - a);
            return TV.Fma(one - b, a, TV.Fma(p - one, b, one) * softplus);
        }
    }

    private readonly struct LogitsGradientTerm : IPairTerm
    {
        public static bool IsCheap => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV>
        {
            TV weighted = p * b;
            return ((weighted + TV.Create(1f) - b) * VectorMath.Sigmoid(a)) - weighted;
        }
    }

    private readonly struct ProbabilityTerm : IPairTerm
    {
        public static bool IsCheap => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV>
        {
            TV one = TV.Create(1f), lowest = TV.Create(-100f), rest = one - a;
            // log(1 - a) to first order in the rounding error of 1 - a.
            TV correction = (one - rest - a) / TV.Max(TV.Create(1e-30f), rest);
            TV positive = TV.Max(lowest, VectorMath.Log(a)), negative = TV.Max(lowest, VectorMath.Log(rest) + correction);
            return TV.Create(0f) - ((b * positive) + ((one - b) * negative));
        }
    }

    private readonly struct ProbabilityGradientTerm : IPairTerm
    {
        public static bool IsCheap => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => (a - b) / TV.Max(TV.Create(1e-12f), (TV.Create(1f) - a) * a);
    }
}
