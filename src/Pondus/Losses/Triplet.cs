namespace Pondus.Losses;

/// <summary>Asks an anchor to be nearer to a vector of its kind than to another by a margin: L = max(0, |a - p| - |a - n| + m).</summary>
/// <remarks>
/// <para>Shape: all three (..., D); one loss a row. Distances are norms of order <see cref="Order"/> of the difference plus 1e-6, as PyTorch's <c>TripletMarginLoss</c>.</para>
/// <para>With swap, the nearer of |a - n| and |p - n| counts. Source: Balntas et al. 2016, BMVC; Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832.</para>
/// </remarks>
/// <param name="margin">Distance by which the other must be farther, above 0.</param>
/// <param name="order">Order of the norm, above 0.</param>
/// <param name="swap">Whether the distance between the positive and the negative counts too.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class Triplet(float margin = 1f, float order = 2f, bool swap = false, LossReduction reduction = LossReduction.Mean)
{
    private const float Epsilon = 1e-6f;

    /// <summary>Gets the distance by which the other must be farther.</summary>
    public float Margin { get; } = LossReductions.Positive(margin, nameof(margin), nameof(Triplet));

    /// <summary>Gets the order of the norm.</summary>
    public float Order { get; } = LossReductions.Positive(order, nameof(order), nameof(Triplet));

    /// <summary>Gets a value indicating whether the distance between the positive and the negative counts too.</summary>
    public bool Swap { get; } = swap;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <summary>Computes the loss.</summary>
    /// <param name="anchor">Vectors.</param>
    /// <param name="positive">Vectors of the same kinds.</param>
    /// <param name="negative">Vectors of other kinds.</param>
    /// <returns>The loss.</returns>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        LossReductions.OneShape(anchor, positive, nameof(Triplet));
        LossReductions.OneShape(anchor, negative, nameof(Triplet));
        Tensor far = Distance(anchor, negative);
        if (Swap)
        {
            far = far.Minimum(Distance(positive, negative));
        }

        return LossReductions.Reduce((Distance(anchor, positive) - far + Margin).Relu(), Reduction);
    }

    private Tensor Distance(Tensor a, Tensor b)
    {
        Tensor difference = (a - b) + Epsilon;
        return Order switch
        {
            2f => difference.Square().Sum(-1).SquareRoot(),
            1f => difference.Absolute().Sum(-1),
            _ => difference.Absolute().Power(Order).Sum(-1).Power(1f / Order),
        };
    }
}
