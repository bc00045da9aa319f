using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// <para>Formula: g ← g + λw; m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η m̂ / (√v̂ + ε).</para>
/// <para>Memory: two floats a weight. Differs: weight decay is part of the gradient, as in PyTorch; see <see cref="AdamW"/>.</para>
/// <para>Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.</para>
/// </remarks>
public sealed unsafe class Adam : Optimizer
{
    private readonly AdamOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Adam(IEnumerable<Parameter> parameters, AdamOptions options)
        : base(parameters, options.Checked().LearningRate, "exp_avg", "exp_avg_sq")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        fixed (float* w = step.Weight, g = step.Gradient, m = step.Slot(0), v = step.Slot(1))
        {
            OptimizerKernels.Adam(w, g, m, v, null, step.Weight.Length, step.LearningRate, _options.Beta1, _options.Beta2, _options.Epsilon, _options.WeightDecay, decoupled: false, step.Number);
        }
    }
}
