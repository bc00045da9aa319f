using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Adam that trusts the mean square only as far as its variance allows: plain momentum in the first steps, then a rectified rate.</summary>
/// <remarks>
/// <para>Formula: m, v as in Adam; ρ∞ = 2 / (1-β₂) - 1; ρ = ρ∞ - 2tβ₂ᵗ / (1-β₂ᵗ); w ← w - η r m̂ √(1-β₂ᵗ) / (√v + ε) with r = √((ρ-4)(ρ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρ)) when ρ is above 5, else w ← w - ηm̂.</para>
/// <para>Memory: two floats a weight. Weight decay is part of the gradient unless it is decoupled.</para>
/// <para>Source: Liu et al. 2020, arXiv:1908.03265, algorithm 2.</para>
/// </remarks>
public sealed class RAdam : Optimizer
{
    private const double TractableLength = 5;

    private readonly RAdamOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public RAdam(IEnumerable<Parameter> parameters, RAdamOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_avg_sq")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        double beta1 = step.Momentum(_options.Beta1), beta2 = step.Beta2(_options.Beta2), power = Math.Pow(beta2, step.Number);
        double longest = (2 / (1 - beta2)) - 1, length = longest - (2 * step.Number * power / (1 - power));
        double rate = step.LearningRate / (1 - Math.Pow(beta1, step.Number));
        float decay = step.WeightDecay(_options.WeightDecay);
        Rule rule = new()
        {
            Adapts = length > TractableLength,
            Rate = (float)(length > TractableLength ? rate * Math.Sqrt((1 - power) * (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) : rate),
            Share1 = (float)(1 - beta1),
            Beta2 = (float)beta2,
            Share2 = (float)(1 - beta2),
            Epsilon = _options.Epsilon,
            Decay = _options.Decoupled ? 0f : decay,
            Shrink = _options.Decoupled ? 1f - (step.LearningRate * decay) : 1f,
        };
        Run(step, rule, 0, 1);
    }

    private struct Rule : IUpdate
    {
        public bool Adapts;
        public float Rate;
        public float Share1;
        public float Beta2;
        public float Share2;
        public float Epsilon;
        public float Decay;
        public float Shrink;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            a = TV.Fma(TV.Create(Share1), g - a, a);
            b = TV.Fma(TV.Create(Beta2), b, TV.Create(Share2) * g * g);
            TV d = Adapts ? a / (TV.Sqrt(b) + TV.Create(Epsilon)) : a;
            return (w * TV.Create(Shrink)) - (TV.Create(Rate) * d);
        }
    }
}
