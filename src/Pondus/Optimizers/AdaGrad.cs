using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps divided by the root of the sum of all squared gradients so far.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; s ← s + g²; w ← w - η / (1 + (t - 1)d) g / (√s + ε).</para>
/// <para>Memory: one float a weight. Differs: weight decay is part of the gradient, as in PyTorch.</para>
/// <para>Source: Duchi, Hazan and Singer, JMLR 2011.</para>
/// </remarks>
public sealed class AdaGrad : Optimizer
{
    private readonly AdaGradOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public AdaGrad(IEnumerable<Parameter> parameters, AdaGradOptions options)
        : base(parameters, options.Checked().LearningRate, "sum")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        Rule rule = new()
        {
            Rate = step.LearningRate / (1f + ((step.Number - 1) * _options.LearningRateDecay)),
            Decay = step.WeightDecay(_options.WeightDecay),
            Start = step.Number == 1 ? _options.InitialAccumulator : 0f,
            Epsilon = _options.Epsilon,
        };
        Run(step, rule, 0);
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Decay;
        public float Start;
        public float Epsilon;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            a = TV.Fma(g, g, a + TV.Create(Start));
            return w - (TV.Create(Rate) * g / (TV.Sqrt(a) + TV.Create(Epsilon)));
        }
    }
}
