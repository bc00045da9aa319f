using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η m̂ / (√v̂ + ε).</para>
/// <para>Memory: two floats a weight, three with AMSGrad. Differs: weight decay is part of the gradient, as in PyTorch; see <see cref="AdamW"/>.</para>
/// <para>Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; AMSGrad: Reddi et al. 2018, arXiv:1904.09237.</para>
/// </remarks>
public unsafe class Adam : Optimizer
{
    private readonly AdamOptions _options;
    private readonly bool _decoupled;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Adam(IEnumerable<Parameter> parameters, AdamOptions options)
        : this(parameters, options, decoupled: false)
    {
    }

    private protected Adam(IEnumerable<Parameter> parameters, AdamOptions options, bool decoupled)
        : base(parameters, options.Checked().LearningRate, options.AmsGrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"])
    {
        _options = options;
        _decoupled = decoupled;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        fixed (float* w = step.Weight, g = step.Gradient, m = step.Slot(0), v = step.Slot(1), largest = _options.AmsGrad ? step.Slot(2) : default)
        {
            OptimizerKernels.Adam(w, g, m, v, largest, step.Weight.Length, step.LearningRate, step.Momentum(_options.Beta1), step.Beta2(_options.Beta2), _options.Epsilon, step.WeightDecay(_options.WeightDecay), _decoupled, step.Number, step.Sign);
        }
    }
}
