using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Stochastic gradient descent, with momentum if wanted.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; v ← μv + (1 - d)g (v ← g in a parameter's first step); w ← w - ηv, or w ← w - η(g + μv) with Nesterov.</para>
/// <para>Memory: one float a weight with momentum, none without. Differs from Sutskever et al.: η multiplies v, as in PyTorch.</para>
/// <para>Source: Robbins and Monro 1951; Polyak 1964; Sutskever et al., ICML 2013.</para>
/// </remarks>
public sealed unsafe class Sgd : Optimizer
{
    private readonly SgdOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Sgd(IEnumerable<Parameter> parameters, SgdOptions options)
        : base(parameters, options.Checked().LearningRate, options.Momentum == 0f ? [] : ["momentum_buffer"])
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        fixed (float* w = step.Weight, g = step.Gradient, v = SlotNames.Count == 0 ? default : step.Slot(0))
        {
            OptimizerKernels.Sgd(w, g, v, step.Weight.Length, step.LearningRate, step.Momentum(_options.Momentum), _options.Dampening, _options.Nesterov, step.WeightDecay(_options.WeightDecay), step.Number == 1, step.Sign);
        }
    }
}
