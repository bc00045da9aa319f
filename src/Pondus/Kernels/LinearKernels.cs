using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>What surrounds the matrix product of a linear layer.</summary>
internal static unsafe class LinearKernels
{
    // From this width on, columns are split over the pool instead of rows: no partial sums are needed.
    private const nint WideRow = 1024;
    private const nint StripWidth = 256;

    /// <summary>y += bias (unless null) in each row, then y = max(0, y) if wanted, in place.</summary>
    public static void BiasActivation(float* y, float* bias, nint rows, nint n, bool relu)
    {
        if (rows <= 0 || n <= 0 || (bias == null && !relu))
        {
            return;
        }

        if (relu)
        {
            Apply<ReluOperator>(y, bias, rows, n);
        }
        else
        {
            Apply<IdentityOperator>(y, bias, rows, n);
        }
    }

    /// <summary>dy = 0 where y (unless null) is at or below 0, in place; then db (unless null) (+)= the column sums of dy.</summary>
    public static void MaskAndSumColumns(float* dy, float* y, nint rows, nint n, float* db, bool addBias)
    {
        if (db != null)
        {
            Columns(dy, y, rows, n, db, addBias);
        }
        else if (y != null)
        {
            Unary.Backward(UnaryKind.Relu, null, y, dy, dy, rows * n, false, 0);
        }
    }

    /// <summary>db (+)= the column sums of dy.</summary>
    public static void SumColumns(float* dy, nint rows, nint n, float* db, bool add) => Columns(dy, null, rows, n, db, add);

    private static void Columns(float* dy, float* y, nint rows, nint n, float* db, bool add)
    {
        if (n <= 0)
        {
            return;
        }

        if (n == 1)
        {
            if (y != null)
            {
                Unary.Backward(UnaryKind.Relu, null, y, dy, dy, rows, false, 0);
            }

            *db = (add ? *db : 0) + Arithmetic.Sum(dy, rows);
            return;
        }

        // One chunk writes sums of its own; chunks are then added in order.
        nint grain = Math.Max(32, Launch.Grain(n)), chunks = Math.Max(1, (rows + grain - 1) / grain);
        if (n >= WideRow || (chunks == 1 && !add))
        {
            float* sums = add ? PartialSums.Floats(n) : db;
            ColumnKernel strips = new() { Dy = dy, Y = y, Rows = rows, N = n, Sums = sums };
            Launch.Chunks(strips, n, rows * n < 2 * Launch.ChunkSize ? n : StripWidth);
            if (add)
            {
                Arithmetic.AddTo(sums, db, n);
            }

            return;
        }

        float* partials = PartialSums.Floats((chunks + 1) * n);
        Launch.Chunks(new RowKernel { Dy = dy, Y = y, N = n, Grain = grain, Partials = partials }, rows, grain);
        float* total = add ? partials + (chunks * n) : db;
        Launch.Chunks(new ColumnKernel { Dy = partials, Rows = chunks, N = n, Sums = total }, n, n);
        if (add)
        {
            Arithmetic.AddTo(total, db, n);
        }
    }

    private static void Apply<TOperator>(float* y, float* bias, nint rows, nint n)
        where TOperator : struct, IUnaryOperator
    {
        if (n == 1 || bias == null)
        {
            float constant = bias == null ? 0 : *bias;
            Launch.Range(new ShiftKernel<TOperator> { Y = y, Bias = constant }, rows * n);
        }
        else
        {
            Launch.Rows(new BiasKernel<TOperator> { Y = y, Bias = bias, N = n }, rows, n);
        }
    }

    private struct RowKernel : IRangeKernel
    {
        public float* Dy;
        public float* Y;
        public float* Partials;
        public nint N;
        public nint Grain;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV> =>
            ColumnSum.Part<TV>(Dy + (begin * N), Y == null ? null : Y + (begin * N), end - begin, N, Partials + (begin / Grain * N));
    }

    private struct ColumnKernel : IRangeKernel
    {
        public float* Dy;
        public float* Y;
        public float* Sums;
        public nint Rows;
        public nint N;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            if (begin == 0 && end == N)
            {
                ColumnSum.Part<TV>(Dy, Y, Rows, N, Sums);
            }
            else
            {
                ColumnSum.Strip<TV>(Dy + begin, Y == null ? null : Y + begin, Rows, N, end - begin, Sums + begin);
            }
        }
    }

    private struct BiasKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* Y;
        public float* Bias;
        public nint N;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* bias = Bias, y = Y + (begin * N);
            nint n = N;
            TV p = TV.Create(0f);
            for (nint r = begin; r < end; r++, y += n)
            {
                nint j = 0;
                for (; j <= n - TV.Count; j += TV.Count)
                {
                    TV.Store(y + j, TOperator.Apply(TV.Load(y + j) + TV.Load(bias + j), p));
                }

                if (j < n)
                {
                    TV.StorePartial(y + j, n - j, TOperator.Apply(TV.LoadPartial(y + j, n - j) + TV.LoadPartial(bias + j, n - j), p));
                }
            }
        }
    }

    private struct ShiftKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* Y;
        public float Bias;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* y = Y;
            TV p = TV.Create(0f), bias = TV.Create(Bias);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV.Store(y + i, TOperator.Apply(TV.Load(y + i) + bias, p));
            }

            if (i < end)
            {
                TV.StorePartial(y + i, end - i, TOperator.Apply(TV.LoadPartial(y + i, end - i) + bias, p));
            }
        }
    }
}
