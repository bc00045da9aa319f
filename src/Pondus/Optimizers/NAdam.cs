using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Adam with Nesterov's momentum.</summary>
/// <remarks>
/// <para>Formula: μ(t) = β₁(1 - 0.96^(tψ) / 2); m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η (μ(t+1) m / (1 - μ(1)...μ(t+1)) + (1-μ(t)) g / (1 - μ(1)...μ(t))) / (√v̂ + ε).</para>
/// <para>Memory: two floats a weight. Weight decay is part of the gradient unless it is decoupled.</para>
/// <para>Source: Dozat 2016, Incorporating Nesterov momentum into Adam.</para>
/// </remarks>
public sealed class NAdam : Optimizer
{
    private const double Negligible = 1e-30; // 1 less this is 1

    private readonly NAdamOptions _options;
    private double _beta1;
    private double _product = 1;
    private long _productSteps;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public NAdam(IEnumerable<Parameter> parameters, NAdamOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_avg_sq")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        double beta1 = step.Momentum(_options.Beta1), beta2 = step.Beta2(_options.Beta2);
        double mu = MomentumAt(beta1, step.Number), next = MomentumAt(beta1, step.Number + 1), product = ProductTo(beta1, step.Number);
        float decay = step.WeightDecay(_options.WeightDecay);
        Rule rule = new()
        {
            GradientRate = (float)(step.LearningRate * (1 - mu) / (1 - product)),
            MeanRate = (float)(step.LearningRate * next / (1 - (product * next))),
            Share1 = (float)(1 - beta1),
            Beta2 = (float)beta2,
            Share2 = (float)(1 - beta2),
            InverseRoot = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step.Number))),
            Epsilon = _options.Epsilon,
            Decay = _options.Decoupled ? 0f : decay,
            Shrink = _options.Decoupled ? 1f - (step.LearningRate * decay) : 1f,
        };
        Run(step, rule, 0, 1);
    }

    private double MomentumAt(double beta1, long step) => beta1 * (1 - (0.5 * Math.Pow(0.96, step * (double)_options.MomentumDecay)));

    /// <summary>μ(1)...μ(t): a pure function of the step, so nothing of it is saved; the last product is kept to save time.</summary>
    private double ProductTo(double beta1, long step)
    {
        if (beta1 != _beta1 || step < _productSteps)
        {
            (_beta1, _product, _productSteps) = (beta1, 1, 0);
        }

        for (; _productSteps < step && _product > Negligible; _productSteps++)
        {
            _product *= MomentumAt(beta1, _productSteps + 1);
        }

        _productSteps = step;
        return _product;
    }

    private struct Rule : IUpdate
    {
        public float GradientRate;
        public float MeanRate;
        public float Share1;
        public float Beta2;
        public float Share2;
        public float InverseRoot;
        public float Epsilon;
        public float Decay;
        public float Shrink;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            a = TV.Fma(TV.Create(Share1), g - a, a);
            b = TV.Fma(TV.Create(Beta2), b, TV.Create(Share2) * g * g);
            TV denominator = TV.Fma(TV.Sqrt(b), TV.Create(InverseRoot), TV.Create(Epsilon));
            return (w * TV.Create(Shrink)) - (TV.Fma(TV.Create(GradientRate), g, TV.Create(MeanRate) * a) / denominator);
        }
    }
}
