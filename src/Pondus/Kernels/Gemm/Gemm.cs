namespace Pondus.Kernels;

/// <summary>Matrix products in single precision over row-major matrices.</summary>
/// <remarks>
/// <para>The bits of a result depend on its shape and on the kernel set, never on the thread count. A row of the result
/// does not depend on the other rows either, unless A is transposed (then k is the batch and long sums are cut).</para>
/// <para>Pointers must be valid for the shapes given, and C must not overlap A or B.</para>
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>C = op(A) op(B), optionally plus C and a bias, optionally rectified.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner length; 0 gives an empty sum.</param>
    /// <param name="a">A, stored (m, k), or (k, m) when <paramref name="transposeA"/>.</param>
    /// <param name="lda">Distance of the stored rows of A.</param>
    /// <param name="transposeA">Whether op(A) is the transpose of the stored matrix.</param>
    /// <param name="b">B, stored (k, n), or (n, k) when <paramref name="transposeB"/>.</param>
    /// <param name="ldb">Distance of the stored rows of B.</param>
    /// <param name="transposeB">Whether op(B) is the transpose of the stored matrix.</param>
    /// <param name="c">C, stored (m, n).</param>
    /// <param name="ldc">Distance of the rows of C.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    /// <param name="bias">n values added to every row, or null.</param>
    /// <param name="activation">Applied last.</param>
    public static void Multiply(
        int m, int n, int k, float* a, int lda, bool transposeA, float* b, int ldb, bool transposeB, float* c, int ldc, bool accumulate, float* bias = null, Activation activation = Activation.None)
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        if (accumulate && bias != null)
        {
            AddBias(m, n, c, ldc, bias);
            bias = null;
        }

        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.TransposeA = transposeA;
        job.B = b;
        job.Ldb = ldb;
        job.TransposeB = transposeB;
        job.C = c;
        job.Ldc = ldc;
        job.Accumulate = accumulate;
        job.Bias = bias;
        job.Relu = activation == Activation.Relu;
        if (n == 1 && !transposeA)
        {
            MultiplyVector(in job);
        }
        else if (GemmReduction.Applies(in job))
        {
            GemmReduction.Multiply(ref job);
        }
        else
        {
            job.Run();
        }

        if (Sabotage.FlipGemmSign)
        {
            Flip(m, n, c, ldc);
        }
    }

    /// <summary>C = A op(B) + addend: a product whose sums start from another matrix.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="a">A, stored (m, k).</param>
    /// <param name="lda">Distance of the rows of A.</param>
    /// <param name="b">B, stored (k, n), or (n, k) when <paramref name="transposeB"/>.</param>
    /// <param name="ldb">Distance of the stored rows of B.</param>
    /// <param name="transposeB">Whether op(B) is the transpose of the stored matrix.</param>
    /// <param name="addend">The other matrix, stored as C.</param>
    /// <param name="c">C, stored (m, n).</param>
    /// <param name="ldc">Distance of the rows of C.</param>
    public static void MultiplyOnto(int m, int n, int k, float* a, int lda, float* b, int ldb, bool transposeB, float* addend, float* c, int ldc)
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.B = b;
        job.Ldb = ldb;
        job.TransposeB = transposeB;
        job.C = c;
        job.Ldc = ldc;
        job.Start = addend;
        job.StartRow = ldc;
        job.Run();
    }

    /// <summary>Floats that <see cref="Pack"/> writes.</summary>
    /// <param name="n">Columns of op(B).</param>
    /// <param name="k">Rows of op(B).</param>
    /// <returns>The count; depends on the kernel set.</returns>
    public static int PackedCount(int n, int k) => n == 1 ? k : checked((n + GemmJob.TileColumns - 1) / GemmJob.TileColumns * GemmJob.TileColumns * k);

    /// <summary>Packs B once for many products, for instance the weights of a network that only predicts.</summary>
    /// <param name="n">Columns of op(B).</param>
    /// <param name="k">Rows of op(B).</param>
    /// <param name="b">B, stored (k, n), or (n, k) when <paramref name="transposeB"/>.</param>
    /// <param name="ldb">Distance of the stored rows of B.</param>
    /// <param name="transposeB">Whether op(B) is the transpose of the stored matrix.</param>
    /// <param name="packed">Receives <see cref="PackedCount"/> floats; aligned to 64 bytes is fastest.</param>
    public static void Pack(int n, int k, float* b, int ldb, bool transposeB, float* packed)
    {
        if (n == 1)
        {
            for (int p = 0; p < k; p++)
            {
                packed[p] = transposeB ? b[p] : b[(nint)p * ldb];
            }

            return;
        }

        int width = GemmJob.TileColumns;
        for (int j = 0; j < n; j += width)
        {
            float* from = transposeB ? b + ((nint)j * ldb) : b + j;
            GemmPack.Columns(from, ldb, transposeB, Math.Min(width, n - j), k, packed + ((nint)j * k), width);
        }
    }

    /// <summary>C = A op(B), optionally plus a bias and rectified, with B packed; same bits as <see cref="Multiply"/>.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="a">A, stored (m, k).</param>
    /// <param name="lda">Distance of the rows of A.</param>
    /// <param name="packed">B as <see cref="Pack"/> left it.</param>
    /// <param name="c">C, stored (m, n).</param>
    /// <param name="ldc">Distance of the rows of C.</param>
    /// <param name="bias">n values added to every row, or null.</param>
    /// <param name="activation">Applied last.</param>
    public static void MultiplyPacked(int m, int n, int k, float* a, int lda, float* packed, float* c, int ldc, float* bias, Activation activation)
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.B = packed;
        job.BInPanels = true;
        job.C = c;
        job.Ldc = ldc;
        job.Bias = bias;
        job.Relu = activation == Activation.Relu;
        if (n == 1)
        {
            GemmVector.Multiply(m, k, a, lda, packed, c, ldc, false, bias, job.Relu);
        }
        else
        {
            job.Run();
        }

        if (Sabotage.FlipGemmSign)
        {
            Flip(m, n, c, ldc);
        }
    }

    /// <summary>C = A B, optionally plus C or a bias, with B in panels, on this thread alone: a part of work that is divided already.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="a">A, stored (m, k).</param>
    /// <param name="lda">Distance of the rows of A.</param>
    /// <param name="panels">B in panels of <see cref="GemmJob.TileColumns"/> columns, each with all k rows, one behind the other.</param>
    /// <param name="c">C, stored (m, n).</param>
    /// <param name="ldc">Distance of the rows of C.</param>
    /// <param name="bias">n values that the sums start from, or null.</param>
    /// <param name="accumulate">Whether the sums start from C instead.</param>
    public static void MultiplyPanels(int m, int n, int k, float* a, int lda, float* panels, float* c, int ldc, float* bias, bool accumulate)
    {
        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.B = panels;
        job.BInPanels = true;
        job.C = c;
        job.Ldc = ldc;
        job.Bias = bias;
        job.Accumulate = accumulate;
        job.RunHere();
        if (Sabotage.FlipGemmSign)
        {
            Flip(m, n, c, ldc);
        }
    }

    /// <summary>C = A^T B, optionally plus C, on this thread alone: a part of work that is divided already. A sum is never cut.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="a">A, stored (k, m).</param>
    /// <param name="lda">Distance of the rows of A.</param>
    /// <param name="b">B, stored (k, n).</param>
    /// <param name="ldb">Distance of the rows of B.</param>
    /// <param name="c">C, stored (m, n).</param>
    /// <param name="ldc">Distance of the rows of C.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    public static void MultiplyHere(int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate)
    {
        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.TransposeA = true;
        job.B = b;
        job.Ldb = ldb;
        job.C = c;
        job.Ldc = ldc;
        job.Accumulate = accumulate;
        job.RunHere();
        if (Sabotage.FlipGemmSign)
        {
            Flip(m, n, c, ldc);
        }
    }

    private static void MultiplyVector(ref readonly GemmJob job)
    {
        float* b = job.B;
        if (!job.TransposeB && job.Ldb != 1)
        {
            b = Scratch.Operands(job.K);
            for (int p = 0; p < job.K; p++)
            {
                b[p] = job.B[p * job.Ldb];
            }
        }

        GemmVector.Multiply(job.M, job.K, job.A, job.Lda, b, job.C, job.Ldc, job.Accumulate, job.Bias, job.Relu);
    }

    private static void AddBias(int m, int n, float* c, nint ldc, float* bias)
    {
        for (int i = 0; i < m; i++, c += ldc)
        {
            for (int j = 0; j < n; j++)
            {
                c[j] += bias[j];
            }
        }
    }

    private static void Flip(int m, int n, float* c, nint ldc)
    {
        for (int i = 0; i < m; i++, c += ldc)
        {
            for (int j = 0; j < n; j++)
            {
                c[j] = -c[j];
            }
        }
    }
}
