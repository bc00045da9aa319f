namespace Pondus.Kernels;

/// <summary>One step of an optimizer over flat memory.</summary>
internal static unsafe class OptimizerKernels
{
    public static void Sgd(float* w, float* g, float* velocity, nint n, double learningRate, double momentum, double dampening, bool nesterov, double weightDecay, bool firstStep)
    {
        for (nint i = 0; i < n; i++)
        {
            float d = g[i] + ((float)weightDecay * w[i]);
            if (velocity != null)
            {
                float b = firstStep ? d : ((float)momentum * velocity[i]) + ((float)(1 - dampening) * d);
                velocity[i] = b;
                d = nesterov ? d + ((float)momentum * b) : b;
            }

            w[i] -= (float)learningRate * d;
        }
    }

    public static void Adam(float* w, float* g, float* m, float* v, float* vMax, nint n, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool decoupled, long step)
    {
        double correction1 = 1 - Math.Pow(beta1, step), correction2 = Math.Sqrt(1 - Math.Pow(beta2, step));
        for (nint i = 0; i < n; i++)
        {
            float d = g[i], p = w[i];
            if (decoupled) { p *= (float)(1 - (learningRate * weightDecay)); } else { d += (float)weightDecay * p; }
            m[i] += (float)(1 - beta1) * (d - m[i]);
            v[i] = ((float)beta2 * v[i]) + ((float)(1 - beta2) * d * d);
            float s = v[i];
            if (vMax != null) { s = vMax[i] = MathF.Max(vMax[i], s); }
            w[i] = p - ((float)(learningRate / correction1) * m[i] / ((MathF.Sqrt(s) / (float)correction2) + (float)epsilon));
        }
    }
}
