using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Keeps weights within bounds after a step.</summary>
public static unsafe class WeightConstraint
{
    /// <summary>Scales every row of weights that is longer than a bound back to it: the weights that lead to one output.</summary>
    /// <remarks>Formula: w ← w min(1, bound / ‖w‖) for each index of the first axis. Parameters with less than two dimensions are left alone. Source: Srivastava et al. 2014, JMLR 15, section 5.1.</remarks>
    /// <param name="parameters">The parameters.</param>
    /// <param name="bound">The largest norm of a row, above 0.</param>
    public static void MaximumNorm(IReadOnlyList<Parameter> parameters, float bound)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        OptimizerSettings.Above(nameof(MaximumNorm), nameof(bound), bound);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.Shape.Rank < 2 || parameter.Count == 0)
            {
                continue;
            }

            int rows = (int)parameter.Shape[0], length = parameter.Count / rows;
            bool changed = false;
            fixed (float* w = parameter.Writable())
            {
                for (int row = 0; row < rows; row++)
                {
                    float* start = w + ((nint)row * length);
                    double norm = Math.Sqrt(Arithmetic.SumOfSquares(start, length));
                    if (norm > bound)
                    {
                        Arithmetic.Scale(start, (float)(bound / norm), start, length);
                        changed = true;
                    }
                }
            }

            if (changed)
            {
                parameter.MarkChanged();
            }
        }
    }
}
