using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V16 = System.Runtime.Intrinsics.Vector512<float>;

namespace Pondus.Kernels;

/// <summary>Products of one row with a matrix by AVX-512: they read the matrix once and keep eight sums in flight.</summary>
/// <remarks>Each element is the same chain of multiply-adds as in a tile, so a row alone has the bits of a row among many.</remarks>
internal static unsafe class GemmRow
{
    // Two threads pay from some 5 us of reading on.
    private const int SerialElements = 1 << 16;
    private const int GroupColumns = 128;
    private const int HalfColumns = 64;
    private const nint PageAhead = 1024;

    /// <summary>Whether a product is one of these.</summary>
    public static bool Applies(ref readonly GemmJob job) => KernelSet.HasAvx512 && job.M == 1 && job.Start == null && job.PanelLength == 0 && !(job.TransposeA && job.TransposeB);

    /// <summary>Runs the product.</summary>
    public static void Multiply(GemmJob* job)
    {
        if (job->TransposeA && job->N <= 32)
        {
            FourChains(job);
            return;
        }

        // A matrix of one group is cut in halves, so that two threads read it; no cut changes a bit.
        bool shared = (long)job->N * job->K >= SerialElements && Pool.ThreadCount > 1;
        job->RowColumns = shared && job->N <= GroupColumns ? HalfColumns : GroupColumns;
        int groups = (job->N + job->RowColumns - 1) / job->RowColumns;
        if (shared)
        {
            Pool.Run(&Group, job, groups);
            return;
        }

        for (int group = 0; group < groups; group++)
        {
            Group(group, job);
        }
    }

    private static void Group(int group, void* state)
    {
        GemmJob* job = (GemmJob*)state;
        nint j = (nint)group * job->RowColumns;
        nint end = Math.Min(job->N, j + job->RowColumns);
        nint aStep = job->TransposeA ? job->Lda : 1;
        nint bStep = job->BInPanels ? 32 : job->Ldb;
        float* start = job->Accumulate ? job->C : job->Bias;
        int relu = job->Relu ? 1 : 0;
        if (end - j == GroupColumns && !job->TransposeB)
        {
            float* b = job->BInPanels ? job->B + (j * job->K) : job->B + j;
            FourPanels(job->K, job->A, aStep, b, bStep, job->BInPanels ? (nint)32 * job->K : 32, job->C + j, start == null ? null : start + j, relu);
            return;
        }

        for (; j < end; j += 32)
        {
            int columns = (int)Math.Min(32, end - j);
            float* from = start == null ? null : start + j;
            if (job->TransposeB)
            {
                Transposed(job->K, job->A, job->B + (j * job->Ldb), job->Ldb, columns, job->C + j, from, relu);
                continue;
            }

            float* b = job->BInPanels ? job->B + (j * job->K) : job->B + j;
            if (columns > 16)
            {
                GemmTiles512.Wide(1)(job->K, job->A, 0, aStep, b, bStep, job->C + j, 0, from, 0, columns, relu);
            }
            else
            {
                GemmTiles512.Narrow(1)(job->K, job->A, 0, aStep, b, bStep, job->C + j, 0, from, 0, columns, relu);
            }
        }
    }

    // A sum over the batch into up to 32 columns: every fourth row has its own chain, so that additions need not wait.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourChains(GemmJob* job)
    {
        nint k = job->K;
        nint aStep = job->Lda;
        nint bStep = job->Ldb;
        float* a = job->A;
        float* b = job->B;
        V16 first = GemmTranspose.Mask(job->N);
        V16 second = GemmTranspose.Mask(job->N - 16);
        V16 c0 = V16.Zero, c1 = V16.Zero, c2 = V16.Zero, c3 = V16.Zero, d0 = V16.Zero, d1 = V16.Zero, d2 = V16.Zero, d3 = V16.Zero;
        nint p = 0;
        nint lines = job->TransposeB ? 0 : 4 * bStep;
        for (; p + 4 <= k; p += 4)
        {
            // The processor's own prefetching stops at every page; asking a page ahead keeps memory busy and its translation known.
            for (nint q = 0; q < lines; q += 16)
            {
                Sse.Prefetch0(b + q + PageAhead);
            }

            V16 x = Vector512.Create(*a);
            c0 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b, first), c0);
            d0 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b + 16, second), d0);
            a += aStep;
            b += bStep;
            x = Vector512.Create(*a);
            c1 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b, first), c1);
            d1 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b + 16, second), d1);
            a += aStep;
            b += bStep;
            x = Vector512.Create(*a);
            c2 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b, first), c2);
            d2 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b + 16, second), d2);
            a += aStep;
            b += bStep;
            x = Vector512.Create(*a);
            c3 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b, first), c3);
            d3 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b + 16, second), d3);
            a += aStep;
            b += bStep;
        }

        for (; p < k; p++, a += aStep, b += bStep)
        {
            V16 x = Vector512.Create(*a);
            c0 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b, first), c0);
            d0 = Vector512.FusedMultiplyAdd(x, GemmTranspose.LoadMasked(b + 16, second), d0);
        }

        c0 = c0 + c1 + (c2 + c3);
        d0 = d0 + d1 + (d2 + d3);
        float* start = job->Accumulate ? job->C : job->Bias;
        if (start != null)
        {
            c0 += GemmTranspose.LoadMasked(start, first);
            d0 += GemmTranspose.LoadMasked(start + 16, second);
        }

        if (job->Relu)
        {
            c0 = Vector512.MaxNative(V16.Zero, c0);
            d0 = Vector512.MaxNative(V16.Zero, d0);
        }

        Avx512F.MaskStore(job->C, first, c0);
        Avx512F.MaskStore(job->C + 16, second, d0);
    }

    /// <summary>128 columns of a row-major or packed matrix.</summary>
    /// <param name="k">Inner length.</param>
    /// <param name="a">The row.</param>
    /// <param name="aStep">Distance of its values.</param>
    /// <param name="b">First panel of 32 columns.</param>
    /// <param name="bStep">Distance of the rows of a panel.</param>
    /// <param name="panel">Distance of the four panels.</param>
    /// <param name="c">128 results.</param>
    /// <param name="start">128 values that the sums start from, or null.</param>
    /// <param name="relu">1 to rectify.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourPanels(nint k, float* a, nint aStep, float* b, nint bStep, nint panel, float* c, float* start, int relu)
    {
        V16 c0 = V16.Zero, c1 = V16.Zero, c2 = V16.Zero, c3 = V16.Zero, c4 = V16.Zero, c5 = V16.Zero, c6 = V16.Zero, c7 = V16.Zero;
        if (start != null)
        {
            (c0, c1, c2, c3) = (Vector512.Load(start), Vector512.Load(start + 16), Vector512.Load(start + 32), Vector512.Load(start + 48));
            (c4, c5, c6, c7) = (Vector512.Load(start + 64), Vector512.Load(start + 80), Vector512.Load(start + 96), Vector512.Load(start + 112));
        }

        float* b2 = b + panel;
        float* b4 = b2 + panel;
        float* b6 = b4 + panel;
        float* end = b + (k * bStep);
        while (b != end)
        {
            V16 x = Vector512.Create(*a);
            c0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b), c0);
            c1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 16), c1);
            c2 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b2), c2);
            c3 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b2 + 16), c3);
            c4 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b4), c4);
            c5 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b4 + 16), c5);
            c6 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b6), c6);
            c7 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b6 + 16), c7);
            a += aStep;
            b += bStep;
            b2 += bStep;
            b4 += bStep;
            b6 += bStep;
        }

        if (relu != 0)
        {
            V16 zero = V16.Zero;
            (c0, c1, c2, c3) = (Vector512.MaxNative(zero, c0), Vector512.MaxNative(zero, c1), Vector512.MaxNative(zero, c2), Vector512.MaxNative(zero, c3));
            (c4, c5, c6, c7) = (Vector512.MaxNative(zero, c4), Vector512.MaxNative(zero, c5), Vector512.MaxNative(zero, c6), Vector512.MaxNative(zero, c7));
        }

        Vector512.Store(c0, c);
        Vector512.Store(c1, c + 16);
        Vector512.Store(c2, c + 32);
        Vector512.Store(c3, c + 48);
        Vector512.Store(c4, c + 64);
        Vector512.Store(c5, c + 80);
        Vector512.Store(c6, c + 96);
        Vector512.Store(c7, c + 112);
    }

    /// <summary>32 columns of a transposed matrix, turned 16 by 16 in registers.</summary>
    /// <param name="k">Inner length.</param>
    /// <param name="a">The row, contiguous.</param>
    /// <param name="b">First stored row: one column of op(B).</param>
    /// <param name="ldb">Distance of the stored rows.</param>
    /// <param name="columns">Columns, 1 to 32.</param>
    /// <param name="c">Results.</param>
    /// <param name="start">Values that the sums start from, or null.</param>
    /// <param name="relu">1 to rectify.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(nint k, float* a, float* b, nint ldb, int columns, float* c, float* start, int relu)
    {
        V16 first = GemmTranspose.Mask(columns);
        V16 second = GemmTranspose.Mask(columns - 16);
        float* sums = stackalloc float[32];
        Vector512.Store(start == null ? V16.Zero : GemmTranspose.LoadMasked(start, first), sums);
        Vector512.Store(start == null ? V16.Zero : GemmTranspose.LoadMasked(start + 16, second), sums + 16);
        nint blocks = columns >= 16 ? k >> 4 : 0;
        if (columns == 32)
        {
            GemmTurns512.MultiplyAddPair(a, b, ldb, blocks, sums);
        }
        else if (columns >= 16)
        {
            GemmTurns512.MultiplyAdd(a, b, ldb, blocks, sums);
        }

        nint done = blocks << 4;
        if (done < k)
        {
            Rest(a + done, b + done, ldb, Math.Min(16, columns), k - done, sums);
        }

        if (columns > 16)
        {
            done = columns == 32 ? done : 0;
            Rest(a + done, b + (16 * ldb) + done, ldb, columns - 16, k - done, sums + 16);
        }

        V16 s0 = Vector512.Load(sums);
        V16 s1 = Vector512.Load(sums + 16);
        if (relu != 0)
        {
            s0 = Vector512.MaxNative(V16.Zero, s0);
            s1 = Vector512.MaxNative(V16.Zero, s1);
        }

        Avx512F.MaskStore(c, first, s0);
        Avx512F.MaskStore(c + 16, second, s1);
    }

    // Any number of columns up to 16 and any length, through memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest(float* a, float* b, nint ldb, int columns, nint k, float* sums)
    {
        float* turned = stackalloc float[256];
        V16 sum = Vector512.Load(sums);
        for (nint p = 0; p < k; p += 16)
        {
            nint length = Math.Min(16, k - p);
            GemmTranspose.By16(b + p, ldb, columns, length, turned, 16);
            for (nint r = 0; r < length; r++)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[p + r]), Vector512.Load(turned + (16 * r)), sum);
            }
        }

        Vector512.Store(sum, sums);
    }
}
