namespace Pondus.Kernels;

/// <summary>Sums of elementwise losses and their gradients.</summary>
internal static unsafe class LossKernels
{
    public static double SquaredError(float* p, float* t, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { double d = (double)p[i] - t[i]; s += d * d; }
        return s;
    }

    public static void SquaredErrorGradient(float* p, float* t, float* dp, nint n, float scale, bool add)
    {
        for (nint i = 0; i < n; i++) { Put(dp + i, 2 * (p[i] - t[i]) * scale, add); }
    }

    public static double AbsoluteError(float* p, float* t, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { s += Math.Abs((double)p[i] - t[i]); }
        return s;
    }

    public static void AbsoluteErrorGradient(float* p, float* t, float* dp, nint n, float scale, bool add)
    {
        for (nint i = 0; i < n; i++) { float d = p[i] - t[i]; Put(dp + i, (d > 0 ? 1 : d < 0 ? -1 : d) * scale, add); }
    }

    public static double Huber(float* p, float* t, nint n, float delta)
    {
        double s = 0;
        for (nint i = 0; i < n; i++) { double d = Math.Abs((double)p[i] - t[i]); s += d <= delta ? 0.5 * d * d : delta * (d - (0.5 * delta)); }
        return s;
    }

    public static void HuberGradient(float* p, float* t, float* dp, nint n, float scale, bool add, float delta)
    {
        for (nint i = 0; i < n; i++) { Put(dp + i, MathF.Min(MathF.Max(p[i] - t[i], -delta), delta) * scale, add); }
    }

    public static double BinaryCrossEntropyWithLogits(float* p, float* t, nint n, float positiveWeight = 1)
    {
        double s = 0;
        for (nint i = 0; i < n; i++)
        {
            double x = p[i];
            s += ((1.0 - t[i]) * x) + ((1 + ((positiveWeight - 1.0) * t[i])) * (Math.Log(1 + Math.Exp(-Math.Abs(x))) + Math.Max(-x, 0)));
        }

        return s;
    }

    public static void BinaryCrossEntropyWithLogitsGradient(float* p, float* t, float* dp, nint n, float scale, bool add, float positiveWeight = 1)
    {
        for (nint i = 0; i < n; i++)
        {
            double s = 1 / (1 + Math.Exp(-p[i])), w = positiveWeight * (double)t[i];
            Put(dp + i, (float)((((w + 1 - t[i]) * s) - w) * scale), add);
        }
    }

    public static double BinaryCrossEntropy(float* p, float* t, nint n)
    {
        double s = 0;
        for (nint i = 0; i < n; i++)
        {
            s -= (t[i] * Math.Max(Math.Log(p[i]), -100)) + ((1.0 - t[i]) * Math.Max(Math.Log(1 - (double)p[i]), -100));
        }

        return s;
    }

    public static void BinaryCrossEntropyGradient(float* p, float* t, float* dp, nint n, float scale, bool add)
    {
        for (nint i = 0; i < n; i++) { Put(dp + i, (p[i] - t[i]) / MathF.Max((1 - p[i]) * p[i], 1e-12f) * scale, add); }
    }

    private static void Put(float* d, float v, bool add) => *d = add ? *d + v : v;
}
