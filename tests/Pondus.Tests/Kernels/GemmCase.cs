using System.Runtime.CompilerServices;
using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

/// <summary>One product with its operands, guard zones and double-precision reference.</summary>
internal sealed unsafe class GemmCase
{
    private const float Guard = 12345.678f;
    private const int Margin = 40;
    private readonly float[] _a;
    private readonly float[] _b;
    private readonly float[] _bias;
    private readonly float[] _before;

    public GemmCase(RandomSource random, int m, int n, int k, int extraStride, bool transposeA, bool transposeB, bool accumulate, bool withBias, Activation activation)
    {
        (M, N, K, TransposeA, TransposeB, Accumulate, WithBias, Activation) = (m, n, k, transposeA, transposeB, accumulate, withBias, activation);
        Lda = (transposeA ? m : k) + extraStride;
        Ldb = (transposeB ? k : n) + extraStride;
        Ldc = Math.Max(1, n + extraStride);
        _a = Matrix(random, transposeA ? k : m, transposeA ? m : k, Lda);
        _b = Matrix(random, transposeB ? n : k, transposeB ? k : n, Ldb);
        _bias = Matrix(random, 1, n, n);
        _before = Pinned((m * Ldc) + (2 * Margin));
        Array.Fill(_before, Guard);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                // A result that only stores must not read what was there.
                _before[Margin + (i * Ldc) + j] = accumulate ? random.NextSingle() - 0.5f : float.NaN;
            }
        }
    }

    public int M { get; }

    public int N { get; }

    public int K { get; }

    public int Lda { get; }

    public int Ldb { get; }

    public int Ldc { get; }

    public bool TransposeA { get; }

    public bool TransposeB { get; }

    public bool Accumulate { get; }

    public bool WithBias { get; }

    public Activation Activation { get; }

    public override string ToString() =>
        $"m={M} n={N} k={K} lda={Lda} ldb={Ldb} ldc={Ldc} {(TransposeA ? 'T' : 'N')}{(TransposeB ? 'T' : 'N')}"
        + $"{(Accumulate ? " accumulate" : string.Empty)}{(WithBias ? " bias" : string.Empty)} {Activation}";

    /// <summary>Runs the product; C with its margins comes back.</summary>
    public float[] Multiply()
    {
        float[] c = Pinned(_before.Length);
        _before.CopyTo(c, 0);
        MultiplyInto(c);
        return c;
    }

    /// <summary>Runs the product over a result that is there already.</summary>
    public void MultiplyInto(float[] c) =>
        Gemm.Multiply(M, N, K, At(_a), Lda, TransposeA, At(_b), Ldb, TransposeB, At(c) + Margin, Ldc, Accumulate, WithBias ? At(_bias) : null, Activation);

    /// <summary>Makes A[0, 0] not a number.</summary>
    public void Poison() => _a[0] = float.NaN;

    /// <summary>The same through packed panels; only for products that neither transpose A nor accumulate.</summary>
    public float[] MultiplyPacked()
    {
        float[] c = Pinned(_before.Length);
        _before.CopyTo(c, 0);
        float[] panels = Pinned(Gemm.PackedCount(N, K) + 1);
        panels[^1] = Guard;
        Gemm.Pack(N, K, At(_b), Ldb, TransposeB, At(panels));
        Assert.Equal(Guard, panels[^1]);
        Gemm.MultiplyPacked(M, N, K, At(_a), Lda, At(panels), At(c) + Margin, Ldc, WithBias ? At(_bias) : null, Activation);
        return c;
    }

    /// <summary>Row i alone, as a product with m = 1.</summary>
    public float[] MultiplyRow(int i)
    {
        float[] c = Pinned(N);
        for (int j = 0; j < N && Accumulate; j++)
        {
            c[j] = _before[Margin + (i * Ldc) + j];
        }

        Gemm.Multiply(1, N, K, At(_a) + (i * Lda), Lda, false, At(_b), Ldb, TransposeB, At(c), N, Accumulate, WithBias ? At(_bias) : null, Activation);
        return c;
    }

    public static float Element(float[] c, int ldc, int i, int j) => c[Margin + (i * ldc) + j];

    /// <summary>Compares with sums in double precision and looks at every value outside C.</summary>
    public void Check(float[] c)
    {
        for (int position = 0; position < c.Length; position++)
        {
            int inside = position - Margin;
            int i = inside < 0 ? -1 : inside / Ldc;
            int j = inside < 0 ? -1 : inside - (i * Ldc);
            if (i < 0 || i >= M || j >= N)
            {
                if (c[position] != Guard)
                {
                    Assert.Fail($"{this}: wrote outside C at {inside}");
                }

                continue;
            }

            (double expected, double bound) = Reference(i, j);
            if (!(Math.Abs(c[position] - expected) <= bound))
            {
                Assert.Fail($"{this}: C[{i}, {j}] is {c[position]:R}, expected {expected:R} within {bound:R}");
            }
        }
    }

    private (double Value, double Bound) Reference(int i, int j)
    {
        double sum = 0;
        double size = 0;
        for (int p = 0; p < K; p++)
        {
            double product = (double)_a[TransposeA ? (p * Lda) + i : (i * Lda) + p] * _b[TransposeB ? (j * Ldb) + p : (p * Ldb) + j];
            sum += product;
            size += Math.Abs(product);
        }

        if (Accumulate)
        {
            double start = _before[Margin + (i * Ldc) + j];
            sum += start;
            size += Math.Abs(start);
        }

        if (WithBias)
        {
            sum += _bias[j];
            size += Math.Abs(_bias[j]);
        }

        // k + 2 rounded additions and, without FMA, k rounded products: each at most half a unit of 2^-23.
        double bound = (2.0 * K + 4) * Math.ScaleB(1, -24) * size;
        return (Activation == Activation.Relu ? Math.Max(0, sum) : sum, bound);
    }

    private static float[] Matrix(RandomSource random, int rows, int columns, int stride)
    {
        // Between rows lie NaN: a kernel that reads them into a result shows it.
        float[] matrix = Pinned(Math.Max(1, rows * stride));
        Array.Fill(matrix, float.NaN);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[(i * stride) + j] = (2 * random.NextSingle()) - 1;
            }
        }

        return matrix;
    }

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);

    private static float* At(float[] array) => (float*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array));
}
