using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Adam's step with decoupled weight decay, scaled for each parameter to the size of its weights.</summary>
/// <remarks>
/// <para>Formula: m, v as in Adam; r = m̂ / (√v̂ + ε) + λw; w ← w - η ‖w‖ / ‖r‖ r, norms over one parameter; the ratio is 1 where a norm is 0.</para>
/// <para>Memory: two floats a weight.</para>
/// <para>Source: You et al. 2020, arXiv:1904.00962, algorithm 2, with φ the identity.</para>
/// </remarks>
public sealed unsafe class Lamb : Optimizer
{
    private readonly LambOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Lamb(IEnumerable<Parameter> parameters, LambOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_avg_sq")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override bool OneByOne => true;

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        double beta1 = step.Momentum(_options.Beta1), beta2 = step.Beta2(_options.Beta2);
        Rule rule = new()
        {
            Sign = step.Sign,
            MeanFactor = (float)(1 / (1 - Math.Pow(beta1, step.Number))),
            Share1 = (float)(1 - beta1),
            Beta2 = (float)beta2,
            Share2 = (float)(1 - beta2),
            InverseRoot = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step.Number))),
            Epsilon = _options.Epsilon,
            Decay = step.WeightDecay(_options.WeightDecay),
        };
        int count = step.Weight.Length;
        fixed (float* w = step.Weight, g = step.Gradient, m = step.Slot(0), v = step.Slot(1))
        {
            // The gradient is used up, so its place takes the step before it is scaled.
            UpdateLoop.Run(rule, g, w, 1f, m, v, null, count);
            double weights = Math.Sqrt(Arithmetic.SumOfSquares(w, count)), steps = Math.Sqrt(Arithmetic.SumOfSquares(g, count));
            double trust = weights > 0 && steps > 0 ? weights / steps : 1;
            Arithmetic.AddScaled(g, (float)(-step.LearningRate * trust), w, count);
        }
    }

    private struct Rule : IUpdate
    {
        public float Sign;
        public float MeanFactor;
        public float Share1;
        public float Beta2;
        public float Share2;
        public float InverseRoot;
        public float Epsilon;
        public float Decay;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            // Weights and gradient have changed places: what is written is the step.
            (w, g) = (g, TV.Create(Sign) * w);
            a = TV.Fma(TV.Create(Share1), g - a, a);
            b = TV.Fma(TV.Create(Beta2), b, TV.Create(Share2) * g * g);
            return UpdateLoop.Decayed(TV.Create(MeanFactor) * a / TV.Fma(TV.Sqrt(b), TV.Create(InverseRoot), TV.Create(Epsilon)), w, Decay);
        }
    }
}
