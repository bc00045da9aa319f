using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>Products whose inner dimension is the batch: gradients of weights, with A stored (k, m).</summary>
/// <remarks>
/// A narrow result is computed as its transpose, so that the long side lies in vectors. A small result of a long sum is cut
/// along k; the cuts follow from the shape alone and the parts are added in their order.
/// </remarks>
internal static unsafe class GemmReduction
{
    private const int LongSum = 4096;
    private const int SmallResult = 4096;
    private const int MostParts = 64;
    private const int TinyResult = 256;

    /// <summary>Whether a product with A transposed needs this class.</summary>
    public static bool Applies(ref readonly GemmJob job) => job.TransposeA && (IsNarrow(in job) || Parts(in job) > 1);

    /// <summary>Runs the product.</summary>
    public static void Multiply(ref GemmJob job)
    {
        int parts = Parts(in job);
        nint size = (nint)job.M * job.N;
        bool direct = job.N == 1 && job.Ldc == 1;
        if (!IsNarrow(in job))
        {
            Cut(ref job, parts, Scratch.Operands(parts * size));
            return;
        }

        float* turned = direct ? job.C : Scratch.Operands((parts + 1) * size);
        GemmJob swapped = default;
        swapped.M = job.N;
        swapped.N = job.M;
        swapped.K = job.K;
        swapped.A = job.B;
        swapped.Lda = job.Ldb;
        swapped.TransposeA = !job.TransposeB;
        swapped.B = job.A;
        swapped.Ldb = job.Lda;
        swapped.C = turned;
        swapped.Ldc = job.M;
        swapped.Accumulate = direct && job.Accumulate;
        if (parts == 1)
        {
            swapped.Run();
        }
        else
        {
            Cut(ref swapped, parts, direct ? Scratch.Operands(parts * size) : turned + size);
        }

        if (!direct)
        {
            TurnBack(in job, turned);
        }
    }

    private static bool IsNarrow(ref readonly GemmJob job) =>
        job.Bias == null && !job.Relu && (job.N == 1 ? job.M > 1 : job.N <= 16 && job.M >= 32);

    // A tiny result of a batch is cut as the loader cuts the batch, so that each core sums the rows that it holds.
    private static int Parts(ref readonly GemmJob job)
    {
        long results = (long)job.M * job.N;
        if (results <= TinyResult && job.K < LongSum)
        {
            int rows = Launch.RowsPerChunk(job.M + (long)job.N);

            // No rows make one part: a sum of nothing is 0.
            return Math.Max(1, (job.K + rows - 1) / rows);
        }

        return job.K >= LongSum && results <= SmallResult ? Math.Min(MostParts, job.K / (LongSum / 2)) : 1;
    }

    private static void Cut(ref GemmJob job, int parts, float* partial)
    {
        CutJob cut = new() { Whole = job, Parts = parts, Partial = partial };
        Pool.Run(&Part, &cut, parts);
        nint size = (nint)job.M * job.N;
        for (int part = 1; part < parts; part++)
        {
            Add(partial, partial + (part * size), size);
        }

        for (int i = 0; i < job.M; i++)
        {
            float* sum = partial + ((nint)i * job.N);
            float* c = job.C + (i * job.Ldc);
            for (int j = 0; j < job.N; j++)
            {
                float value = sum[j] + (job.Accumulate ? c[j] : job.Bias != null ? job.Bias[j] : 0);
                c[j] = job.Relu ? MathF.Max(0, value) : value;
            }
        }
    }

    private static void Part(int part, void* state)
    {
        CutJob* cut = (CutJob*)state;
        GemmJob job = cut->Whole;

        // From the end: the rows that the forward pass read last are still in the cache, those it read first are not.
        part = cut->Parts - 1 - part;
        int first = (int)((long)job.K * part / cut->Parts);
        job.K = (int)((long)job.K * (part + 1) / cut->Parts) - first;
        job.A += job.TransposeA ? first * job.Lda : first;
        job.B += job.TransposeB ? first : first * job.Ldb;
        job.C = cut->Partial + ((nint)part * job.M * job.N);
        job.Ldc = job.N;
        job.Accumulate = false;
        job.Bias = null;
        job.Relu = false;
        job.Run();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* sum, float* part, nint count)
    {
        nint i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector256.Store(Vector256.Load(sum + i) + Vector256.Load(part + i), sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] += part[i];
        }
    }

    // C = turned^T, n <= 16.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnBack(ref readonly GemmJob job, float* turned)
    {
        int n = job.N;
        int m = job.M;
        float* c = job.C;
        if (KernelSet.HasAvx512)
        {
            float* block = stackalloc float[256];
            Vector512<float> mask = GemmTranspose.Mask(n);
            for (int i = 0; i < m; i += 16)
            {
                int rows = Math.Min(16, m - i);
                GemmTranspose.By16(turned + i, m, n, rows, block, 16);
                for (int r = 0; r < rows; r++, c += job.Ldc)
                {
                    Vector512<float> value = Vector512.Load(block + (16 * r));
                    Avx512F.MaskStore(c, mask, job.Accumulate ? value + GemmTranspose.LoadMasked(c, mask) : value);
                }
            }

            return;
        }

        for (int i = 0; i < m; i++, c += job.Ldc)
        {
            for (int j = 0; j < n; j++)
            {
                float value = turned[((nint)j * m) + i];
                c[j] = job.Accumulate ? c[j] + value : value;
            }
        }
    }

    private struct CutJob
    {
        public GemmJob Whole;
        public int Parts;
        public float* Partial;
    }
}
