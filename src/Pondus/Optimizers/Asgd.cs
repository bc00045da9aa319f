using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Stochastic gradient descent with a falling rate, and the mean of its weights on the side.</summary>
/// <remarks>
/// <para>Formula: η(t) = η / (1 + λη(t-1))^α; w ← w - η(t)λw - η(t)g; ax ← ax + (w - ax) / max(1, t - 1 - t₀).</para>
/// <para>Memory: one float a weight, the mean: slot <c>ax</c>. Training goes on from w, not from the mean.</para>
/// <para>Source: Polyak and Juditsky 1992, SIAM Journal on Control and Optimization 30; Bottou 2012 for the rate.</para>
/// </remarks>
public sealed class Asgd : Optimizer
{
    private readonly AsgdOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Asgd(IEnumerable<Parameter> parameters, AsgdOptions options)
        : base(parameters, options.Checked().LearningRate, "ax")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        double rate = step.LearningRate / Math.Pow(1 + ((double)_options.Lambda * step.LearningRate * (step.Number - 1)), _options.Alpha);
        Rule rule = new()
        {
            Rate = (float)rate,
            Shrink = (float)(1 - (_options.Lambda * rate)),
            Decay = step.WeightDecay(_options.WeightDecay),
            Share = 1f / Math.Max(1f, step.Number - 1 - _options.AverageFrom),
        };
        Run(step, rule, 0);
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Shrink;
        public float Decay;
        public float Share;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            w = (w * TV.Create(Shrink)) - (TV.Create(Rate) * g);
            a = Share == 1f ? w : TV.Fma(TV.Create(Share), w - a, a);
            return w;
        }
    }
}
