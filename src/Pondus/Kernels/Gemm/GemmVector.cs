using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V16 = System.Runtime.Intrinsics.Vector512<float>;

namespace Pondus.Kernels;

/// <summary>Products of a matrix with one column: a dot product per row, one pass over the matrix.</summary>
/// <remarks>
/// Sums run over the lanes of a vector and are folded at the end, so the bits differ from a product with more columns;
/// they are the same for a row alone and among others.
/// </remarks>
internal static unsafe class GemmVector
{
    // A chunk is some 256 KB of the matrix.
    private const int ChunkElements = 1 << 16;
    private const long LargeElements = 1 << 20;
    private const nint PageAhead = 1024;

    /// <summary>c = A b, optionally plus c and a bias, optionally rectified.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="a">A, stored (m, k).</param>
    /// <param name="lda">Distance of the rows of A.</param>
    /// <param name="b">The vector, contiguous.</param>
    /// <param name="c">Result.</param>
    /// <param name="ldc">Distance of its values.</param>
    /// <param name="accumulate">Whether c is added.</param>
    /// <param name="bias">One value, or null.</param>
    /// <param name="relu">Whether to rectify.</param>
    public static void Multiply(int m, int k, float* a, nint lda, float* b, float* c, nint ldc, bool accumulate, float* bias, bool relu)
    {
        // Small products are cut as the loader cuts the batch; a long matrix in larger pieces.
        int rows = (long)m * k < LargeElements ? Launch.RowsPerChunk(k + 1L) : Math.Max(16, (ChunkElements / Math.Max(1, k)) & ~15);
        Job job = new()
        {
            Rows = m,
            ChunkRows = rows,
            K = k,
            A = a,
            Lda = lda,
            B = b,
            C = c,
            Ldc = ldc,
            Accumulate = accumulate,
            Bias = bias == null ? 0 : *bias,
            Relu = relu,
        };
        if (m <= rows)
        {
            Chunk(0, &job);
        }
        else
        {
            Pool.Run(&Chunk, &job, (m + rows - 1) / rows);
        }
    }

    private static void Chunk(int chunk, void* state)
    {
        Job* job = (Job*)state;
        int first = chunk * job->ChunkRows;
        int count = Math.Min(job->ChunkRows, job->Rows - first);
        if (KernelSet.HasAvx512)
        {
            Rows512(job, first, count);
        }
        else
        {
            Rows256(job, first, count);
        }
    }

    // Sixteen rows at a time, so that their sums fold into one vector with two shuffles a row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows512(Job* job, int first, int count)
    {
        nint k = job->K;
        nint r1 = job->Lda;
        nint whole = k & ~15;
        V16 tail = GemmTranspose.Mask((int)(k - whole));
        bool inner = k != whole;
        float* b = job->B;
        V16 bias = Vector512.Create(job->Bias);
        float* last = job->A + ((first + count - 1) * r1);
        bool prefetches = r1 == k && k <= 64;
        for (int i = 0; i < count; i += 16)
        {
            float* a0 = job->A + ((first + i) * r1);
            float* a4 = a0 + (4 * r1);
            float* a8 = a0 + (8 * r1);
            float* a12 = a0 + (12 * r1);
            nint r2 = 2 * r1;
            nint r3 = 3 * r1;
            int rows = Math.Min(16, count - i);
            V16 sums;
            if (rows == 16)
            {
                // The processor's own prefetching stops at every page; asking a page ahead keeps memory busy and its translation known.
                for (nint q = 0; prefetches && q < 16 * r1; q += 16)
                {
                    Sse.Prefetch0(a0 + q + PageAhead);
                }

                V16 s0 = V16.Zero, s1 = V16.Zero, s2 = V16.Zero, s3 = V16.Zero, s4 = V16.Zero, s5 = V16.Zero, s6 = V16.Zero, s7 = V16.Zero;
                V16 s8 = V16.Zero, s9 = V16.Zero, s10 = V16.Zero, s11 = V16.Zero, s12 = V16.Zero, s13 = V16.Zero, s14 = V16.Zero, s15 = V16.Zero;
                for (nint p = 0; p < whole; p += 16)
                {
                    V16 x = Vector512.Load(b + p);
                    s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a0 + p), x, s0);
                    s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a0 + r1 + p), x, s1);
                    s2 = Vector512.FusedMultiplyAdd(Vector512.Load(a0 + r2 + p), x, s2);
                    s3 = Vector512.FusedMultiplyAdd(Vector512.Load(a0 + r3 + p), x, s3);
                    s4 = Vector512.FusedMultiplyAdd(Vector512.Load(a4 + p), x, s4);
                    s5 = Vector512.FusedMultiplyAdd(Vector512.Load(a4 + r1 + p), x, s5);
                    s6 = Vector512.FusedMultiplyAdd(Vector512.Load(a4 + r2 + p), x, s6);
                    s7 = Vector512.FusedMultiplyAdd(Vector512.Load(a4 + r3 + p), x, s7);
                    s8 = Vector512.FusedMultiplyAdd(Vector512.Load(a8 + p), x, s8);
                    s9 = Vector512.FusedMultiplyAdd(Vector512.Load(a8 + r1 + p), x, s9);
                    s10 = Vector512.FusedMultiplyAdd(Vector512.Load(a8 + r2 + p), x, s10);
                    s11 = Vector512.FusedMultiplyAdd(Vector512.Load(a8 + r3 + p), x, s11);
                    s12 = Vector512.FusedMultiplyAdd(Vector512.Load(a12 + p), x, s12);
                    s13 = Vector512.FusedMultiplyAdd(Vector512.Load(a12 + r1 + p), x, s13);
                    s14 = Vector512.FusedMultiplyAdd(Vector512.Load(a12 + r2 + p), x, s14);
                    s15 = Vector512.FusedMultiplyAdd(Vector512.Load(a12 + r3 + p), x, s15);
                }

                if (inner)
                {
                    V16 x = GemmTranspose.LoadMasked(b + whole, tail);
                    s0 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a0 + whole, tail), x, s0);
                    s1 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a0 + r1 + whole, tail), x, s1);
                    s2 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a0 + r2 + whole, tail), x, s2);
                    s3 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a0 + r3 + whole, tail), x, s3);
                    s4 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a4 + whole, tail), x, s4);
                    s5 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a4 + r1 + whole, tail), x, s5);
                    s6 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a4 + r2 + whole, tail), x, s6);
                    s7 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a4 + r3 + whole, tail), x, s7);
                    s8 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a8 + whole, tail), x, s8);
                    s9 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a8 + r1 + whole, tail), x, s9);
                    s10 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a8 + r2 + whole, tail), x, s10);
                    s11 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a8 + r3 + whole, tail), x, s11);
                    s12 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a12 + whole, tail), x, s12);
                    s13 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a12 + r1 + whole, tail), x, s13);
                    s14 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a12 + r2 + whole, tail), x, s14);
                    s15 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a12 + r3 + whole, tail), x, s15);
                }

                V16 q0 = Fold(s0, s1, s2, s3);
                V16 q1 = Fold(s4, s5, s6, s7);
                V16 q2 = Fold(s8, s9, s10, s11);
                V16 q3 = Fold(s12, s13, s14, s15);
                sums = FoldLanes(q0, q1, q2, q3);
            }
            else
            {
                sums = FewRows(a0, r1, last, b, whole, inner, tail);
            }

            if (job->Ldc == 1)
            {
                float* c = job->C + first + i;
                V16 mask = GemmTranspose.Mask(rows);
                sums += bias;
                if (job->Accumulate)
                {
                    sums += GemmTranspose.LoadMasked(c, mask);
                }

                if (job->Relu)
                {
                    sums = Vector512.MaxNative(V16.Zero, sums);
                }

                Avx512F.MaskStore(c, mask, sums);
            }
            else
            {
                for (int r = 0; r < rows; r++)
                {
                    Finish(job, first + i + r, sums.GetElement(r));
                }
            }
        }
    }

    // The same arithmetic four rows at a time; rows beyond the last repeat it.
    private static V16 FewRows(float* a, nint lda, float* last, float* b, nint whole, bool inner, V16 tail)
    {
        V16* quads = stackalloc V16[4];
        for (int q = 0; q < 4; q++, a += 4 * lda)
        {
            if (a > last)
            {
                quads[q] = V16.Zero;
                continue;
            }

            float* a1 = Earlier(a + lda, last);
            float* a2 = Earlier(a + (2 * lda), last);
            float* a3 = Earlier(a + (3 * lda), last);
            V16 s0 = V16.Zero, s1 = V16.Zero, s2 = V16.Zero, s3 = V16.Zero;
            for (nint p = 0; p < whole; p += 16)
            {
                V16 x = Vector512.Load(b + p);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + p), x, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a1 + p), x, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Load(a2 + p), x, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Load(a3 + p), x, s3);
            }

            if (inner)
            {
                V16 x = GemmTranspose.LoadMasked(b + whole, tail);
                s0 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a + whole, tail), x, s0);
                s1 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a1 + whole, tail), x, s1);
                s2 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a2 + whole, tail), x, s2);
                s3 = Vector512.FusedMultiplyAdd(GemmTranspose.LoadMasked(a3 + whole, tail), x, s3);
            }

            quads[q] = Fold(s0, s1, s2, s3);
        }

        return FoldLanes(quads[0], quads[1], quads[2], quads[3]);
    }

    private static float* Earlier(float* row, float* last) => row < last ? row : last;

    // Lane l of the result holds, for each of the four rows, the sum of its 128-bit lane l.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V16 Fold(V16 s0, V16 s1, V16 s2, V16 s3)
    {
        Vector512<double> low = (Avx512F.UnpackLow(s0, s1) + Avx512F.UnpackHigh(s0, s1)).AsDouble();
        Vector512<double> high = (Avx512F.UnpackLow(s2, s3) + Avx512F.UnpackHigh(s2, s3)).AsDouble();
        return Avx512F.UnpackLow(low, high).AsSingle() + Avx512F.UnpackHigh(low, high).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V16 FoldLanes(V16 a, V16 b, V16 c, V16 d)
    {
        V16 x = Avx512F.Shuffle4x128(a, b, 0x88) + Avx512F.Shuffle4x128(a, b, 0xdd);
        V16 y = Avx512F.Shuffle4x128(c, d, 0x88) + Avx512F.Shuffle4x128(c, d, 0xdd);
        return Avx512F.Shuffle4x128(x, y, 0x88) + Avx512F.Shuffle4x128(x, y, 0xdd);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows256(Job* job, int first, int count)
    {
        nint k = job->K;
        float* b = job->B;
        for (int i = first; i < first + count; i++)
        {
            float* a = job->A + (i * job->Lda);
            Vector256<float> s0 = Vector256<float>.Zero;
            Vector256<float> s1 = Vector256<float>.Zero;
            nint p = 0;
            for (; p + 16 <= k; p += 16)
            {
                s0 = Vector256.MultiplyAddEstimate(Vector256.Load(a + p), Vector256.Load(b + p), s0);
                s1 = Vector256.MultiplyAddEstimate(Vector256.Load(a + p + 8), Vector256.Load(b + p + 8), s1);
            }

            float sum = Vector256.Sum(s0 + s1);
            for (; p < k; p++)
            {
                sum += a[p] * b[p];
            }

            Finish(job, i, sum);
        }
    }

    private static void Finish(Job* job, int row, float sum)
    {
        float* c = job->C + (row * job->Ldc);
        sum += job->Bias;
        if (job->Accumulate)
        {
            sum += *c;
        }

        *c = job->Relu ? MathF.Max(0, sum) : sum;
    }

    private struct Job
    {
        public int Rows;
        public int ChunkRows;
        public int K;
        public float* A;
        public nint Lda;
        public float* B;
        public float* C;
        public nint Ldc;
        public bool Accumulate;
        public float Bias;
        public bool Relu;
    }
}
