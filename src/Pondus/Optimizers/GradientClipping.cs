using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Keeps gradients from growing without bound.</summary>
public static unsafe class GradientClipping
{
    /// <summary>Scales all gradients down together so that their norm is at most a bound.</summary>
    /// <remarks>Formula: g ← g min(1, bound / (‖g‖ + 1e-6)), ‖g‖ over all parameters, as PyTorch's. Source: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063.</remarks>
    /// <param name="parameters">The parameters; those without a gradient are left out.</param>
    /// <param name="maximumNorm">The bound, above 0.</param>
    /// <returns>The norm before clipping.</returns>
    public static double ByNorm(IReadOnlyList<Parameter> parameters, double maximumNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        const double Guard = 1e-6;
        double squares = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            squares += parameters[i].HasGradient ? Arithmetic.SumOfSquares(parameters[i].GradientPointer(), parameters[i].Count) : 0;
        }

        double norm = Math.Sqrt(squares), factor = maximumNorm / (norm + Guard);
        for (int i = 0; i < parameters.Count && factor < 1; i++)
        {
            if (parameters[i].HasGradient)
            {
                float* g = parameters[i].GradientPointer();
                Arithmetic.Scale(g, (float)factor, g, parameters[i].Count);
            }
        }

        return norm;
    }

    /// <summary>Cuts every gradient value to [-bound, bound].</summary>
    /// <param name="parameters">The parameters; those without a gradient are left out.</param>
    /// <param name="bound">The bound, above 0.</param>
    public static void ByValue(IReadOnlyList<Parameter> parameters, float bound)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].HasGradient)
            {
                float* g = parameters[i].GradientPointer();
                Arithmetic.Clamp(g, -bound, bound, g, parameters[i].Count);
            }
        }
    }
}
