using Pondus.Kernels;
using Pondus.Optimizers;

namespace Pondus.Tests.Optimizers;

/// <summary>Adam that divides by the largest second moment so far: an optimizer that the library does not have, written as a user would.</summary>
/// <remarks>Source: Reddi, Kale and Kumar, ICLR 2018.</remarks>
internal sealed unsafe class AmsGrad(IEnumerable<Parameter> parameters, AdamOptions options, bool decoupled)
    : Optimizer(parameters, options.LearningRate, "exp_avg", "exp_avg_sq", "max_exp_avg_sq")
{
    protected override void Update(in ParameterStep step)
    {
        fixed (float* w = step.Weight, g = step.Gradient, m = step.Slot(0), v = step.Slot(1), largest = step.Slot(2))
        {
            OptimizerKernels.Adam(w, g, m, v, largest, step.Weight.Length, step.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, decoupled, step.Number);
        }
    }
}
