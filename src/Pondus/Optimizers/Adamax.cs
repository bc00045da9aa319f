using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Adam with the running maximum of the gradient in place of its mean square.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; m ← β₁m + (1-β₁)g; u ← max(β₂u, |g| + ε); w ← w - η / (1-β₁ᵗ) m / u.</para>
/// <para>Memory: two floats a weight.</para>
/// <para>Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 2.</para>
/// </remarks>
public sealed class Adamax : Optimizer
{
    private readonly AdamaxOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Adamax(IEnumerable<Parameter> parameters, AdamaxOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_inf")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        double beta1 = step.Momentum(_options.Beta1);
        Rule rule = new()
        {
            Rate = (float)(step.LearningRate / (1 - Math.Pow(beta1, step.Number))),
            Share = (float)(1 - beta1),
            Beta2 = step.Beta2(_options.Beta2),
            Epsilon = _options.Epsilon,
            Decay = step.WeightDecay(_options.WeightDecay),
        };
        Run(step, rule, 0, 1);
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Share;
        public float Beta2;
        public float Epsilon;
        public float Decay;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            a = TV.Fma(TV.Create(Share), g - a, a);
            b = TV.Max(TV.Create(Beta2) * b, UpdateLoop.Magnitude(g) + TV.Create(Epsilon));
            return w - (TV.Create(Rate) * a / b);
        }
    }
}
