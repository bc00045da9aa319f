using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>One pass of an optimizer over flat memory: weights, gradients and state are read once, weights and state written once.</summary>
internal static unsafe class UpdateLoop
{
    /// <summary>Moves n weights; slots that the update does not have are null.</summary>
    public static void Run<TUpdate>(in TUpdate update, float* w, float* g, float sign, float* a, float* b, float* c, nint n)
        where TUpdate : unmanaged, IUpdate => Launch.Range(new Kernel<TUpdate> { Update = update, W = w, G = g, Sign = sign, A = a, B = b, C = c }, n);

    /// <summary>The sign: -1, 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV SignOf<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        TV zero = TV.Create(0f);
        return TV.Select(TV.Greater(x, zero), TV.Create(1f), TV.Select(TV.Greater(zero, x), TV.Create(-1f), zero));
    }

    /// <summary>The magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Magnitude<TV>(TV x)
        where TV : struct, IVector<TV> => x & TV.CreateBits(0x7FFFFFFF);

    /// <summary>The gradient with weight decay in it; the term is left out at 0, since 0 times an infinite weight would be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Decayed<TV>(TV g, TV w, float weightDecay)
        where TV : struct, IVector<TV> => weightDecay == 0f ? g : TV.Fma(TV.Create(weightDecay), w, g);

    private struct Kernel<TUpdate> : IRangeKernel
        where TUpdate : unmanaged, IUpdate
    {
        public TUpdate Update;
        public float* W;
        public float* G;
        public float* A;
        public float* B;
        public float* C;
        public float Sign;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            TUpdate update = Update;
            float* weights = W, gradients = G, firsts = A, seconds = B, thirds = C;
            TV sign = TV.Create(Sign), a = TV.Create(0f), b = a, c = a;
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                a = firsts != null ? TV.Load(firsts + i) : a;
                b = seconds != null ? TV.Load(seconds + i) : b;
                c = thirds != null ? TV.Load(thirds + i) : c;
                TV.Store(weights + i, update.Step(TV.Load(weights + i), sign * TV.Load(gradients + i), ref a, ref b, ref c));
                if (firsts != null)
                {
                    TV.Store(firsts + i, a);
                }

                if (seconds != null)
                {
                    TV.Store(seconds + i, b);
                }

                if (thirds != null)
                {
                    TV.Store(thirds + i, c);
                }
            }

            nint rest = end - i;
            if (rest > 0)
            {
                a = firsts != null ? TV.LoadPartial(firsts + i, rest) : a;
                b = seconds != null ? TV.LoadPartial(seconds + i, rest) : b;
                c = thirds != null ? TV.LoadPartial(thirds + i, rest) : c;
                TV.StorePartial(weights + i, rest, update.Step(TV.LoadPartial(weights + i, rest), sign * TV.LoadPartial(gradients + i, rest), ref a, ref b, ref c));
                if (firsts != null)
                {
                    TV.StorePartial(firsts + i, rest, a);
                }

                if (seconds != null)
                {
                    TV.StorePartial(seconds + i, rest, b);
                }

                if (thirds != null)
                {
                    TV.StorePartial(thirds + i, rest, c);
                }
            }
        }
    }
}
