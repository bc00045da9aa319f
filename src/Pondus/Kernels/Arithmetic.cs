namespace Pondus.Kernels;

/// <summary>Elementwise arithmetic and whole-array sums.</summary>
internal static unsafe class Arithmetic
{
    public static void Copy(float* x, float* y, nint n) => Buffer.MemoryCopy(x, y, n * sizeof(float), n * sizeof(float));

    public static void Fill(float* x, float value, nint n)
    {
        for (nint i = 0; i < n; i++) { x[i] = value; }
    }

    public static void Scale(float* x, float factor, float* y, nint n)
    {
        for (nint i = 0; i < n; i++) { y[i] = x[i] * factor; }
    }

    public static void AddTo(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i++) { y[i] += x[i]; }
    }

    public static void AddScaled(float* x, float factor, float* y, nint n)
    {
        for (nint i = 0; i < n; i++) { y[i] += factor * x[i]; }
    }

    public static void Clamp(float* x, float low, float high, float* y, nint n)
    {
        for (nint i = 0; i < n; i++) { y[i] = MathF.Min(MathF.Max(x[i], low), high); }
    }

    public static float Sum(float* x, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { s += x[i]; }
        return (float)s;
    }

    public static double SumOfSquares(float* x, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { s += (double)x[i] * x[i]; }
        return s;
    }

    public static double SumOfAbsolutes(float* x, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { s += Math.Abs(x[i]); }
        return s;
    }

    public static float Maximum(float* x, nint n)
    {
        float s = float.NegativeInfinity;
        for (nint i = 0; i < n; i++) { s = MathF.Max(s, x[i]); }
        return s;
    }

    public static float Minimum(float* x, nint n)
    {
        float s = float.PositiveInfinity;
        for (nint i = 0; i < n; i++) { s = MathF.Min(s, x[i]); }
        return s;
    }

    public static bool AllFinite(float* x, nint n)
    {
        for (nint i = 0; i < n; i++) { if (!float.IsFinite(x[i])) { return false; } }
        return true;
    }

    public static float Dot(float* x, float* y, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { s += (double)x[i] * y[i]; }
        return (float)s;
    }
}
