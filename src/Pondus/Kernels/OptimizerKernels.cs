using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>One step of an optimizer over flat memory, in PyTorch's formulas.</summary>
internal static unsafe class OptimizerKernels
{
    /// <summary>Stochastic gradient descent; velocity is null without momentum, and on the first step it becomes the gradient; sign -1 maximizes.</summary>
    public static void Sgd(float* w, float* g, float* velocity, nint n, double learningRate, double momentum, double dampening, bool nesterov, double weightDecay, bool firstStep, float sign = 1f) =>
        Launch.Range(
            new SgdKernel
            {
                W = w,
                G = g,
                Sign = sign,
                Velocity = velocity,
                LearningRate = (float)learningRate,
                Momentum = firstStep ? 0 : (float)momentum,
                Lookahead = (float)momentum,
                Share = firstStep ? 1 : (float)(1 - dampening),
                Nesterov = nesterov,
                WeightDecay = (float)weightDecay,
                FirstStep = firstStep,
            },
            n);

    /// <summary>Adam, AdamW (decoupled) and AMSGrad (vMax not null); steps are counted from 1.</summary>
    /// <remarks>
    /// <para>Formula: m = m + (1 - beta1)(g - m); v = beta2 v + (1 - beta2) g^2; w = w - rate / (1 - beta1^step) m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon).
    /// Weight decay is added to g, or, decoupled, w is first multiplied by 1 - rate decay.</para>
    /// <para>Source: Kingma and Ba 2014, arXiv:1412.6980; Loshchilov and Hutter 2017, arXiv:1711.05101; Reddi et al. 2019, arXiv:1904.09237.</para>
    /// </remarks>
    public static void Adam(float* w, float* g, float* m, float* v, float* vMax, nint n, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool decoupled, long step, float sign = 1f) =>
        Launch.Range(
            new AdamKernel
            {
                W = w,
                G = g,
                Sign = sign,
                M = m,
                V = v,
                VMax = vMax,
                Share1 = (float)(1 - beta1),
                Beta2 = (float)beta2,
                Share2 = (float)(1 - beta2),
                StepSize = (float)(learningRate / (1 - Math.Pow(beta1, step))),
                InverseRoot = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
                Epsilon = (float)epsilon,
                Shrink = decoupled ? (float)(1 - (learningRate * weightDecay)) : 1,
                WeightDecay = decoupled ? 0 : (float)weightDecay,
            },
            n);

    private struct SgdKernel : IRangeKernel
    {
        public float* W;
        public float* G;
        public float Sign;
        public float* Velocity;
        public float LearningRate;
        public float Momentum;
        public float Lookahead;
        public float Share;
        public float WeightDecay;
        public bool Nesterov;
        public bool FirstStep;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV w = TV.Load(W + i), g = TV.Create(Sign) * TV.Load(G + i), velocity = Velocity == null || FirstStep ? g : TV.Load(Velocity + i);
                w = Step(w, g, ref velocity);
                if (Velocity != null)
                {
                    TV.Store(Velocity + i, velocity);
                }

                TV.Store(W + i, w);
            }

            nint rest = end - i;
            if (rest > 0)
            {
                TV w = TV.LoadPartial(W + i, rest), g = TV.Create(Sign) * TV.LoadPartial(G + i, rest), velocity = Velocity == null || FirstStep ? g : TV.LoadPartial(Velocity + i, rest);
                w = Step(w, g, ref velocity);
                if (Velocity != null)
                {
                    TV.StorePartial(Velocity + i, rest, velocity);
                }

                TV.StorePartial(W + i, rest, w);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TV Step<TV>(TV w, TV g, ref TV velocity)
            where TV : struct, IVector<TV>
        {
            // The term is left out at 0, since 0 times an infinite weight would be NaN.
            g = WeightDecay == 0 ? g : TV.Fma(TV.Create(WeightDecay), w, g);
            if (Velocity != null)
            {
                velocity = FirstStep ? g : TV.Fma(TV.Create(Momentum), velocity, TV.Create(Share) * g);
                g = Nesterov ? TV.Fma(TV.Create(Lookahead), velocity, g) : velocity;
            }

            return TV.Fma(TV.Create(-LearningRate), g, w);
        }
    }

    private struct AdamKernel : IRangeKernel
    {
        public float* W;
        public float* G;
        public float Sign;
        public float* M;
        public float* V;
        public float* VMax;
        public float Share1;
        public float Beta2;
        public float Share2;
        public float StepSize;
        public float InverseRoot;
        public float Epsilon;
        public float Shrink;
        public float WeightDecay;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* weights = W, gradients = G, firsts = M, seconds = V, largest = VMax;
            TV share1 = TV.Create(Share1), beta2 = TV.Create(Beta2), share2 = TV.Create(Share2), decay = TV.Create(WeightDecay), shrink = TV.Create(Shrink);
            TV stepSize = TV.Create(StepSize), inverseRoot = TV.Create(InverseRoot), epsilon = TV.Create(Epsilon), sign = TV.Create(Sign);
            bool decays = WeightDecay != 0;
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV w = TV.Load(weights + i), g = sign * TV.Load(gradients + i), m = TV.Load(firsts + i), v = TV.Load(seconds + i);
                g = decays ? TV.Fma(decay, w, g) : g;
                m = TV.Fma(share1, g - m, m);
                v = TV.Fma(beta2, v, share2 * g * g);
                TV.Store(firsts + i, m);
                TV.Store(seconds + i, v);
                if (largest != null)
                {
                    v = TV.Max(TV.Load(largest + i), v);
                    TV.Store(largest + i, v);
                }

                TV denominator = TV.Fma(TV.Sqrt(v), inverseRoot, epsilon);
                TV.Store(weights + i, (w * shrink) - (stepSize * m / denominator));
            }

            nint rest = end - i;
            if (rest > 0)
            {
                TV w = TV.LoadPartial(weights + i, rest), g = sign * TV.LoadPartial(gradients + i, rest), m = TV.LoadPartial(firsts + i, rest), v = TV.LoadPartial(seconds + i, rest);
                g = decays ? TV.Fma(decay, w, g) : g;
                m = TV.Fma(share1, g - m, m);
                v = TV.Fma(beta2, v, share2 * g * g);
                TV.StorePartial(firsts + i, rest, m);
                TV.StorePartial(seconds + i, rest, v);
                if (largest != null)
                {
                    v = TV.Max(TV.LoadPartial(largest + i, rest), v);
                    TV.StorePartial(largest + i, rest, v);
                }

                TV denominator = TV.Fma(TV.Sqrt(v), inverseRoot, epsilon);
                TV.StorePartial(weights + i, rest, (w * shrink) - (stepSize * m / denominator));
            }
        }
    }
}
