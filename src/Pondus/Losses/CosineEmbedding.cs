namespace Pondus.Losses;

/// <summary>Turns two vectors the same way where they are alike, and apart where they are not: L = 1 - cos for a target of 1, max(0, cos - m) for -1.</summary>
/// <remarks>Shape: vectors (..., D) twice, targets (...). As PyTorch's <c>CosineEmbeddingLoss</c>: 1e-12 is added to both squared lengths.</remarks>
/// <param name="margin">Cosine that unlike vectors may have, in [-1, 1].</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class CosineEmbedding(float margin = 0f, LossReduction reduction = LossReduction.Mean)
{
    private const float Epsilon = 1e-12f;

    /// <summary>Gets the cosine that unlike vectors may have.</summary>
    public float Margin { get; } = margin is >= -1f and <= 1f
        ? margin
        : throw new ArgumentOutOfRangeException(nameof(margin), margin, $"CosineEmbedding: expected margin in [-1, 1], got {margin}.");

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <summary>Computes the loss.</summary>
    /// <param name="first">Vectors.</param>
    /// <param name="second">Other vectors.</param>
    /// <param name="target">1 where a pair is alike, -1 where it is not.</param>
    /// <returns>The loss.</returns>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        LossReductions.OneShape(first, second, nameof(CosineEmbedding));
        if (first.Rank < 1 || target.Shape != first.Shape.Without(first.Rank - 1))
        {
            throw new ShapeException($"CosineEmbedding: expected one target for each vector of {first.Shape}, got {target.Shape}.");
        }

        Tensor cosine = (first * second).Sum(-1) / ((first.Square().Sum(-1) + Epsilon) * (second.Square().Sum(-1) + Epsilon)).SquareRoot();
        Tensor alike = (target * 0.5f) + 0.5f;
        return LossReductions.Reduce((alike * (1f - cosine)) + ((1f - alike) * (cosine - Margin).Relu()), Reduction);
    }
}
