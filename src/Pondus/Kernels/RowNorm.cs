using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Normalization of each row of a matrix: layer norm, and the root mean square norm, which leaves the mean in.</summary>
/// <remarks>A row stays in the first cache while its mean, its deviation and its result are computed: memory is read once.</remarks>
internal static unsafe class RowNorm
{
    // Rows whose weight gradients are added in registers before they go to memory.
    private const int Together = 8;
    private const int MostChunks = 64;

    /// <summary>y = (x - mean) scale weight + bias in each row; weight and bias may be null. Statistics receives mean and scale of each row.</summary>
    public static void Forward(float* x, float* weight, float* bias, float* y, float* statistics, nint rows, nint n, float epsilon, bool center) =>
        Launch.Rows(new ForwardKernel { X = x, Weight = weight, Bias = bias, Y = y, Statistics = statistics, N = n, Epsilon = epsilon, Center = center }, rows, n);

    /// <summary>Chunks of rows that have a partial weight gradient each.</summary>
    public static nint ChunkCount(nint rows, nint n) => Math.Max(1, (rows + ChunkRows(rows, n) - 1) / ChunkRows(rows, n));

    /// <summary>dx (+)= the gradient; partials (unless null) receives the chunks' gradients of the weight, then those of the bias.</summary>
    public static void Backward(float* x, float* weight, float* statistics, float* dy, float* dx, bool add, float* partials, nint rows, nint n, bool center)
    {
        nint grain = ChunkRows(rows, n);
        BackwardKernel kernel = new()
        {
            X = x,
            Weight = weight,
            Statistics = statistics,
            Dy = dy,
            Dx = dx,
            Add = add,
            Partials = partials,
            BiasPartials = partials == null ? null : partials + (ChunkCount(rows, n) * n),
            N = n,
            Grain = grain,
            Center = center,
        };
        Launch.Chunks(kernel, rows, grain);
    }

    private static nint ChunkRows(nint rows, nint n) => Math.Max(Launch.Grain(n), (rows + MostChunks - 1) / MostChunks);

    private struct ForwardKernel : IRangeKernel
    {
        public float* X;
        public float* Weight;
        public float* Bias;
        public float* Y;
        public float* Statistics;
        public nint N;
        public float Epsilon;
        public bool Center;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint n = N;
            float* x = X + (begin * n), y = Y + (begin * n);
            for (nint r = begin; r < end; r++, x += n, y += n)
            {
                float mean = Center ? (float)(PairSum.Part<Arithmetic.SumTerm, TV>(x, x, n, default) / n) : 0f;
                double square = PairSum.Part<SquareTerm, TV>(x, x, n, TV.Create(mean)) / n;
                float scale = (float)(1 / Math.Sqrt(square + Epsilon));
                Statistics[2 * r] = mean;
                Statistics[(2 * r) + 1] = scale;
                TV m = TV.Create(mean), s = TV.Create(scale), zero = TV.Create(0f);
                nint j = 0;
                for (; j <= n - TV.Count; j += TV.Count)
                {
                    TV v = (TV.Load(x + j) - m) * s;
                    v = Weight == null ? v : TV.Fma(v, TV.Load(Weight + j), Bias == null ? zero : TV.Load(Bias + j));
                    TV.Store(y + j, v);
                }

                if (j < n)
                {
                    TV v = (TV.LoadPartial(x + j, n - j) - m) * s;
                    v = Weight == null ? v : TV.Fma(v, TV.LoadPartial(Weight + j, n - j), Bias == null ? zero : TV.LoadPartial(Bias + j, n - j));
                    TV.StorePartial(y + j, n - j, v);
                }
            }
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* X;
        public float* Weight;
        public float* Statistics;
        public float* Dy;
        public float* Dx;
        public float* Partials;
        public float* BiasPartials;
        public nint N;
        public nint Grain;
        public bool Add;
        public bool Center;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* means = stackalloc float[2 * Together];
            float* dw = Partials == null ? null : Partials + (begin / Grain * N), db = Partials == null ? null : BiasPartials + (begin / Grain * N);
            if (dw != null && begin >= end)
            {
                // No rows ask for nothing.
                new Span<float>(dw, (int)N).Clear();
                new Span<float>(db, (int)N).Clear();
            }

            for (nint r = begin; r < end; r += Together)
            {
                nint count = Math.Min(Together, end - r);
                for (nint k = 0; Dx != null && k < count; k++)
                {
                    Means<TV>(r + k, means + (2 * k));
                }

                nint j = 0;
                for (; j <= N - TV.Count; j += TV.Count)
                {
                    Column<TV>(r, count, j, means, dw, db, r == begin);
                }

                if (j < N)
                {
                    LastColumn<TV>(r, count, j, means, dw, db, r == begin);
                }
            }
        }

        /// <summary>The means over a row of the gradient of the normalized value, and of its product with that value.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Means<TV>(nint row, float* means)
            where TV : struct, IVector<TV>
        {
            float* x = X + (row * N), dy = Dy + (row * N), w = Weight;
            TV mean = TV.Create(Statistics[2 * row]), scale = TV.Create(Statistics[(2 * row) + 1]);
            double sum = 0, product = 0;
            nint j = 0;
            while (j < N)
            {
                // Short blocks bound the rounding error, also with one lane.
                nint stop = Math.Min(N, j + (128 * TV.Count));
                TV s0 = TV.Create(0f), s1 = s0, p0 = s0, p1 = s0;
                for (; j <= stop - (2 * TV.Count); j += 2 * TV.Count)
                {
                    TV d0 = TV.Load(dy + j), d1 = TV.Load(dy + j + TV.Count);
                    if (w != null)
                    {
                        d0 *= TV.Load(w + j);
                        d1 *= TV.Load(w + j + TV.Count);
                    }

                    s0 += d0;
                    s1 += d1;
                    p0 = TV.Fma(d0, (TV.Load(x + j) - mean) * scale, p0);
                    p1 = TV.Fma(d1, (TV.Load(x + j + TV.Count) - mean) * scale, p1);
                }

                for (; j < stop; j += TV.Count)
                {
                    nint n = Math.Min(TV.Count, stop - j);
                    TV d = TV.LoadPartial(dy + j, n);
                    d = w == null ? d : d * TV.LoadPartial(w + j, n);
                    s0 += d;
                    p0 = TV.Fma(d, (TV.LoadPartial(x + j, n) - mean) * scale, p0);
                }

                j = stop;
                sum += TV.SumLanes(s0 + s1);
                product += TV.SumLanes(p0 + p1);
            }

            means[0] = Center ? (float)(sum / N) : 0f;
            means[1] = (float)(product / N);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Column<TV>(nint row, nint count, nint j, float* means, float* dw, float* db, bool first)
            where TV : struct, IVector<TV>
        {
            float* x = X + (row * N) + j, dy = Dy + (row * N) + j, dx = Dx == null ? null : Dx + (row * N) + j, statistics = Statistics + (2 * row);
            TV w = Weight == null ? TV.Create(1f) : TV.Load(Weight + j), weights = TV.Create(0f), biases = weights;
            for (nint k = 0; k < count; k++)
            {
                TV scale = TV.Create(statistics[1]), d = TV.Load(dy), v = (TV.Load(x) - TV.Create(statistics[0])) * scale;
                weights = TV.Fma(d, v, weights);
                biases += d;
                if (dx != null)
                {
                    d = scale * ((d * w) - TV.Create(means[2 * k]) - (v * TV.Create(means[(2 * k) + 1])));
                    TV.Store(dx, Add ? TV.Load(dx) + d : d);
                    dx += N;
                }

                x += N;
                dy += N;
                statistics += 2;
            }

            if (dw != null)
            {
                TV.Store(dw + j, first ? weights : TV.Load(dw + j) + weights);
                TV.Store(db + j, first ? biases : TV.Load(db + j) + biases);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void LastColumn<TV>(nint row, nint count, nint j, float* means, float* dw, float* db, bool first)
            where TV : struct, IVector<TV>
        {
            nint n = N - j;
            TV w = Weight == null ? TV.Create(1f) : TV.LoadPartial(Weight + j, n), weights = TV.Create(0f), biases = weights;
            for (nint k = 0; k < count; k++)
            {
                nint at = ((row + k) * N) + j;
                TV scale = TV.Create(Statistics[(2 * (row + k)) + 1]), d = TV.LoadPartial(Dy + at, n);
                TV v = (TV.LoadPartial(X + at, n) - TV.Create(Statistics[2 * (row + k)])) * scale;
                weights = TV.Fma(d, v, weights);
                biases += d;
                if (Dx != null)
                {
                    d = scale * ((d * w) - TV.Create(means[2 * k]) - (v * TV.Create(means[(2 * k) + 1])));
                    TV.StorePartial(Dx + at, n, Add ? TV.LoadPartial(Dx + at, n) + d : d);
                }
            }

            if (dw != null)
            {
                TV.StorePartial(dw + j, n, first ? weights : TV.LoadPartial(dw + j, n) + weights);
                TV.StorePartial(db + j, n, first ? biases : TV.LoadPartial(db + j, n) + biases);
            }
        }
    }

    private readonly struct SquareTerm : IPairTerm
    {
        public static bool IsCheap => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Term<TV>(TV a, TV b, TV p)
            where TV : struct, IVector<TV> => (a - p) * (a - p);
    }
}
