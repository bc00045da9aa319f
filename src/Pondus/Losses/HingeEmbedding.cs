namespace Pondus.Losses;

/// <summary>Pulls a distance to 0 where things are alike and past a margin where they are not: L = x for a target of 1, max(0, m - x) for -1.</summary>
/// <remarks>Shape: distances and targets alike. As PyTorch's <c>HingeEmbeddingLoss</c>. Source: Hadsell, Chopra and LeCun 2006, without the squares.</remarks>
/// <param name="margin">Distance from which unlike things are left alone.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class HingeEmbedding(float margin = 1f, LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets the distance from which unlike things are left alone.</summary>
    public float Margin { get; } = LossReductions.Finite(margin, nameof(margin), nameof(HingeEmbedding));

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        LossReductions.OneShape(prediction, targets.Values, nameof(HingeEmbedding));
        Tensor alike = (targets.Values * 0.5f) + 0.5f;
        return LossReductions.Reduce((alike * prediction) + ((1f - alike) * (Margin - prediction).Relu()), Reduction);
    }
}
