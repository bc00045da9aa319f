using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps divided by the running root mean square of the gradient.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; s ← αs + (1-α)g²; d = g / (√s + ε); w ← w - ηd, or with momentum v ← μv + d and w ← w - ηv. Centered: m ← αm + (1-α)g, and s - m² takes the place of s under the root.</para>
/// <para>Memory: one float a weight, one more with momentum, one more when centered.</para>
/// <para>Source: Tieleman and Hinton 2012, lecture 6.5; centered: Graves 2013, arXiv:1308.0850.</para>
/// </remarks>
public sealed class RmsProp : Optimizer
{
    private readonly RmsPropOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public RmsProp(IEnumerable<Parameter> parameters, RmsPropOptions options)
        : base(parameters, options.Checked().LearningRate, SlotsOf(options))
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        Rule rule = new()
        {
            Rate = step.LearningRate,
            Alpha = _options.Alpha,
            Share = 1f - _options.Alpha,
            Epsilon = _options.Epsilon,
            Decay = step.WeightDecay(_options.WeightDecay),
            Momentum = step.Momentum(_options.Momentum),
            HasMomentum = _options.Momentum > 0f,
            Centered = _options.Centered,
        };
        Run(step, rule, 0, rule.HasMomentum ? 1 : -1, rule.Centered ? SlotNames.Count - 1 : -1);
    }

    private static string[] SlotsOf(RmsPropOptions options)
    {
        List<string> slots = ["square_avg"];
        if (options.Momentum > 0f)
        {
            slots.Add("momentum_buffer");
        }

        if (options.Centered)
        {
            slots.Add("grad_avg");
        }

        return [.. slots];
    }

    private struct Rule : IUpdate
    {
        public float Rate;
        public float Alpha;
        public float Share;
        public float Epsilon;
        public float Decay;
        public float Momentum;
        public bool HasMomentum;
        public bool Centered;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            g = UpdateLoop.Decayed(g, w, Decay);
            TV share = TV.Create(Share), s;
            s = a = TV.Fma(TV.Create(Alpha), a, share * g * g);
            if (Centered)
            {
                c = TV.Fma(share, g - c, c);

                // What rounding leaves of a variance of 0 may lie below it.
                s = TV.Max(s - (c * c), TV.Create(0f));
            }

            TV d = g / (TV.Sqrt(s) + TV.Create(Epsilon));
            if (HasMomentum)
            {
                d = b = TV.Fma(TV.Create(Momentum), b, d);
            }

            return w - (TV.Create(Rate) * d);
        }
    }
}
