namespace Pondus.Losses;

/// <summary>Cross-entropy of yes-or-no answers against probabilities in [0, 1].</summary>
/// <remarks>Shape: prediction and target alike. Logarithms are cut at -100, as PyTorch's <c>BCELoss</c>. Prefer <see cref="BinaryCrossEntropy"/> on logits. Unit: nats.</remarks>
/// <param name="reduction">How single losses become one number.</param>
public sealed class BinaryCrossEntropyOnProbabilities(LossReduction reduction = LossReduction.Mean) : Loss
{
    private const float LowestLogarithm = -100f;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor target = targets.Values;
        if (Reduction == LossReduction.None)
        {
            LossReductions.OneShape(prediction, target, nameof(BinaryCrossEntropyOnProbabilities));
            Tensor lowest = LossReductions.Number(LowestLogarithm);
            return -((target * prediction.Logarithm().Maximum(lowest)) + ((1f - target) * (1f - prediction).Logarithm().Maximum(lowest)));
        }

        return LossReductions.FromMean(RegressionLossOperation.Apply(RegressionLossKind.BinaryCrossEntropy, prediction, target, 0f, nameof(BinaryCrossEntropyOnProbabilities)), prediction.Shape, Reduction);
    }
}
