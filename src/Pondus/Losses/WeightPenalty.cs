namespace Pondus.Losses;

/// <summary>A price on large weights, added to the loss: l1 Σ|w| + l2 Σw² over parameters with two or more axes.</summary>
/// <remarks>
/// <para>Biases and scales (one axis) are left out. L2 here is part of the gradient; weight decay of AdamW is not.</para>
/// <para>Source: l1 Tibshirani 1996; l2 Hoerl and Kennard 1970.</para>
/// </remarks>
/// <param name="l1">Price of absolute values, at least 0.</param>
/// <param name="l2">Price of squares, at least 0.</param>
public sealed class WeightPenalty(float l1, float l2)
{
    /// <summary>Adds the price to a loss.</summary>
    /// <param name="loss">A single number.</param>
    /// <param name="parameters">The weights.</param>
    /// <returns>The sum.</returns>
    public Tensor AddTo(Tensor loss, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.Shape.Rank < 2 || !parameter.RequiresGradient)
            {
                continue;
            }

            if (l1 > 0f)
            {
                loss += parameter.ToTensor().Absolute().Sum() * l1;
            }

            if (l2 > 0f)
            {
                loss += parameter.ToTensor().Square().Sum() * l2;
            }
        }

        return loss;
    }
}
