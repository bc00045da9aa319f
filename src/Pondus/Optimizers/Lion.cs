using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps of one size in the direction of the sign of a mean of momentum and gradient.</summary>
/// <remarks>
/// <para>Formula: w ← w - ηλw; w ← w - η sign(β₁m + (1-β₁)g); m ← β₂m + (1-β₂)g.</para>
/// <para>Memory: one float a weight. Use a learning rate three to ten times smaller than Adam's, and a weight decay as much larger.</para>
/// <para>Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.</para>
/// </remarks>
public sealed class Lion : Optimizer
{
    private readonly LionOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Lion(IEnumerable<Parameter> parameters, LionOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        float beta1 = step.Momentum(_options.Beta1), beta2 = step.Beta2(_options.Beta2);
        Rule rule = new() { Rate = step.LearningRate, Share1 = (float)(1.0 - beta1), Share2 = (float)(1.0 - beta2), Shrink = 1f - (step.LearningRate * step.WeightDecay(_options.WeightDecay)) };
        Run(step, rule, 0);
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Share1;
        public float Share2;
        public float Shrink;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            TV d = UpdateLoop.SignOf(TV.Fma(TV.Create(Share1), g - a, a));
            a = TV.Fma(TV.Create(Share2), g - a, a);
            return (w * TV.Create(Shrink)) - (TV.Create(Rate) * d);
        }
    }
}
