using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps in the unit of the weights: the gradient times the ratio of the running roots of squared steps and squared gradients.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; s ← ρs + (1-ρ)g²; d = √(u + ε) / √(s + ε) g; u ← ρu + (1-ρ)d²; w ← w - ηd.</para>
/// <para>Memory: two floats a weight.</para>
/// <para>Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.</para>
/// </remarks>
public sealed class AdaDelta : Optimizer
{
    private readonly AdaDeltaOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public AdaDelta(IEnumerable<Parameter> parameters, AdaDeltaOptions options)
        : base(parameters, options.Checked().LearningRate, "square_avg", "acc_delta")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        float rho = _options.Rho;
        Rule rule = new() { Rate = step.LearningRate, Rho = rho, Share = 1f - rho, Epsilon = _options.Epsilon, Decay = step.WeightDecay(_options.WeightDecay) };
        Run(step, rule, 0, 1);
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Rho;
        public float Share;
        public float Epsilon;
        public float Decay;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            TV rho = TV.Create(Rho), share = TV.Create(Share), epsilon = TV.Create(Epsilon);
            a = TV.Fma(rho, a, share * g * g);
            TV delta = TV.Sqrt(b + epsilon) / TV.Sqrt(a + epsilon) * g;
            b = TV.Fma(rho, b, share * delta * delta);
            return w - (TV.Create(Rate) * delta);
        }
    }
}
