namespace Pondus.Kernels;

/// <summary>Softmax cross-entropy on class labels.</summary>
internal static unsafe class CrossEntropyKernel
{
    public const int IgnoredLabel = -100;

    public static nint FindInvalidLabel(int* labels, nint rows, nint n)
    {
        for (nint r = 0; r < rows; r++)
        {
            if ((nuint)(nint)labels[r] >= (nuint)n && labels[r] != IgnoredLabel) { return r; }
        }

        return -1;
    }

    public static double Forward(float* logits, int* labels, nint rows, nint n, float* classWeights, float smoothing, float* probabilities, out double weightSum)
    {
        double total = 0;
        weightSum = 0;
        for (nint r = 0; r < rows; r++)
        {
            float* x = logits + (r * n), p = probabilities + (r * n);
            float m = Arithmetic.Maximum(x, n);
            double s = 0;
            for (nint i = 0; i < n; i++) { s += Math.Exp(x[i] - m); }
            double lse = m + Math.Log(s);
            for (nint i = 0; i < n; i++) { p[i] = (float)Math.Exp(x[i] - lse); }
            int t = labels[r];
            if (t == IgnoredLabel) { continue; }
            double w = classWeights == null ? 1 : classWeights[t], all = 0;
            weightSum += w;
            for (nint i = 0; i < n && smoothing != 0; i++) { all += (classWeights == null ? 1 : classWeights[i]) * (lse - x[i]); }
            total += ((1.0 - smoothing) * w * (lse - x[t])) + ((double)smoothing / n * all);
        }

        return total;
    }

    public static void Backward(float* probabilities, int* labels, nint rows, nint n, float* classWeights, float smoothing, float scale, float* dLogits, bool add)
    {
        double all = n;
        if (classWeights != null) { all = Arithmetic.Sum(classWeights, n); }
        for (nint r = 0; r < rows; r++)
        {
            float* p = probabilities + (r * n), d = dLogits + (r * n);
            int t = labels[r];
            for (nint i = 0; i < n; i++)
            {
                double v = 0;
                if (t != IgnoredLabel)
                {
                    double w = classWeights == null ? 1 : classWeights[t], q = (1.0 - smoothing) * w, e = (double)smoothing / n;
                    v = scale * ((p[i] * (q + (e * all))) - (i == t ? q : 0) - (e * (classWeights == null ? 1 : classWeights[i])));
                }

                d[i] = add ? d[i] + (float)v : (float)v;
            }
        }
    }

    public static int CountCorrect(float* logits, int* labels, nint rows, nint n)
    {
        int count = 0;
        for (nint r = 0; r < rows; r++)
        {
            float y;
            int k;
            Reduction.Max(logits + (r * n), 1, n, 1, &y, &k);
            count += k == labels[r] ? 1 : 0;
        }

        return count;
    }
}
