namespace Pondus.Losses;

/// <summary>Asks the first of two scores to be the larger by a margin where the target is 1, the smaller where it is -1: L = max(0, m - t (a - b)).</summary>
/// <remarks>Shape: all three alike. As PyTorch's <c>MarginRankingLoss</c>. Source: Herbrich, Graepel and Obermayer 2000.</remarks>
/// <param name="margin">Distance by which the one must be larger.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class MarginRanking(float margin = 0f, LossReduction reduction = LossReduction.Mean)
{
    /// <summary>Gets the distance by which the one must be larger.</summary>
    public float Margin { get; } = LossReductions.Finite(margin, nameof(margin), nameof(MarginRanking));

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <summary>Computes the loss.</summary>
    /// <param name="first">Scores.</param>
    /// <param name="second">Other scores.</param>
    /// <param name="target">1 where the first should be larger, -1 where the second should.</param>
    /// <returns>The loss.</returns>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        LossReductions.OneShape(first, second, nameof(MarginRanking));
        LossReductions.OneShape(first, target, nameof(MarginRanking));
        return LossReductions.Reduce((Margin - (target * (first - second))).Relu(), Reduction);
    }
}
