namespace Pondus.Kernels;

/// <summary>Dropout whose mask is recomputed from a key and a counter.</summary>
internal static unsafe class DropoutKernel
{
    public static void Forward(float* x, float* y, nint n, float rate, ulong key, ulong counter) => Apply(x, y, n, rate, key, counter, false);

    public static void Backward(float* dy, float* dx, nint n, float rate, ulong key, ulong counter, bool add) => Apply(dy, dx, n, rate, key, counter, add);

    private static void Apply(float* x, float* y, nint n, float rate, ulong key, ulong counter, bool add)
    {
        Span<uint> words = stackalloc uint[4];
        ulong threshold = (ulong)(rate * 4294967296.0);
        float factor = rate >= 1 ? 0 : 1 / (1 - rate);
        for (nint i = 0; i < n; i++)
        {
            if ((i & 3) == 0) { Philox.Block(key, counter + (ulong)(i / 4), words); }
            float v = x[i] * (words[(int)(i & 3)] >= threshold ? factor : 0);
            y[i] = add ? y[i] + v : v;
        }
    }
}
