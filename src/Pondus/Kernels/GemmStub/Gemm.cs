namespace Pondus.Kernels;
internal enum Activation { None, Relu }
internal static unsafe class Gemm
{
    public static void Multiply(int m, int n, int k, float* a, int lda, bool transposeA, float* b, int ldb, bool transposeB, float* c, int ldc, bool accumulate, float* bias = null, Activation activation = Activation.None)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += (transposeA ? a[((nint)p * lda) + i] : a[((nint)i * lda) + p]) * (transposeB ? b[((nint)j * ldb) + p] : b[((nint)p * ldb) + j]);
                }
                sum += (accumulate ? c[((nint)i * ldc) + j] : 0) + (bias == null ? 0 : bias[j]);
                c[((nint)i * ldc) + j] = activation == Activation.Relu ? MathF.Max(sum, 0) : sum;
            }
        }
    }
    public static int PackedCount(int n, int k) => n * k;
    public static void Pack(int n, int k, float* b, int ldb, bool transposeB, float* packed)
    {
        for (int j = 0; j < n; j++) { for (int p = 0; p < k; p++) { packed[(p * n) + j] = transposeB ? b[(j * ldb) + p] : b[(p * ldb) + j]; } }
    }
    public static void MultiplyPacked(int m, int n, int k, float* a, int lda, float* packed, float* c, int ldc, float* bias, Activation activation) => Multiply(m, n, k, a, lda, false, packed, n, false, c, ldc, false, bias, activation);
}
