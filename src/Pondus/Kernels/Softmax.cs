namespace Pondus.Kernels;

/// <summary>Softmax and log-softmax over the last axis.</summary>
internal static unsafe class Softmax
{
    public static void Forward(float* x, float* y, nint rows, nint n, bool log)
    {
        for (nint r = 0; r < rows; r++, x += n, y += n)
        {
            float m = Arithmetic.Maximum(x, n);
            double s = 0;
            for (nint i = 0; i < n; i++) { s += Math.Exp(x[i] - m); }
            for (nint i = 0; i < n; i++) { y[i] = log ? (float)(x[i] - m - Math.Log(s)) : (float)(Math.Exp(x[i] - m) / s); }
        }
    }

    public static void Backward(float* y, float* dy, float* dx, nint rows, nint n, bool log, bool add)
    {
        for (nint r = 0; r < rows; r++, y += n, dy += n, dx += n)
        {
            double s = 0;
            for (nint i = 0; i < n; i++) { s += log ? dy[i] : (double)dy[i] * y[i]; }
            for (nint i = 0; i < n; i++)
            {
                float d = (float)(log ? dy[i] - (Math.Exp(y[i]) * s) : y[i] * (dy[i] - s));
                dx[i] = add ? dx[i] + d : d;
            }
        }
    }
}
