using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Adam whose weight decay acts on the weight and never enters the moments.</summary>
/// <remarks>
/// <para>Formula: w ← w - ηλw; m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η m̂ / (√v̂ + ε).</para>
/// <para>Memory: two floats a weight. Differs: λ is multiplied by η, as in PyTorch and not in the paper.</para>
/// <para>Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.</para>
/// </remarks>
public sealed unsafe class AdamW : Optimizer
{
    private readonly AdamWOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public AdamW(IEnumerable<Parameter> parameters, AdamWOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_avg_sq")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        fixed (float* w = step.Weight, g = step.Gradient, m = step.Slot(0), v = step.Slot(1))
        {
            OptimizerKernels.Adam(w, g, m, v, null, step.Weight.Length, step.LearningRate, _options.Beta1, _options.Beta2, _options.Epsilon, _options.WeightDecay, decoupled: true, step.Number);
        }
    }
}
