namespace Pondus.Losses;

/// <summary>Cross-entropy of yes-or-no answers against logits: L = -mean of t log s(x) + (1 - t) log(1 - s(x)) with the logistic s.</summary>
/// <remarks>Shape: prediction and target alike. Exact for any logit; targets in [0, 1]. Unit: nats. Differs: takes logits as PyTorch's <c>BCEWithLogitsLoss</c>; for probabilities see <see cref="BinaryCrossEntropyOnProbabilities"/>.</remarks>
public sealed class BinaryCrossEntropy : Loss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="positiveWeight">Weight of the positive answers, above 0.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="positiveWeight"/> is not above 0.</exception>
    public BinaryCrossEntropy(float positiveWeight = 1f, LossReduction reduction = LossReduction.Mean)
    {
        if (!(positiveWeight > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(positiveWeight), positiveWeight, $"BinaryCrossEntropy: expected PositiveWeight above 0, got {positiveWeight}.");
        }

        PositiveWeight = positiveWeight;
        Reduction = reduction;
    }

    /// <summary>Gets the setting: weight of the positive answers, above 0.</summary>
    public float PositiveWeight { get; }

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor target = targets.Values;
        if (Reduction == LossReduction.None)
        {
            LossReductions.OneShape(prediction, target, nameof(BinaryCrossEntropy));
            return ((1f - target) * prediction) + (((target * (PositiveWeight - 1f)) + 1f) * (-prediction).Softplus());
        }

        return LossReductions.FromMean(RegressionLossOperation.Apply(RegressionLossKind.BinaryCrossEntropyWithLogits, prediction, target, PositiveWeight, nameof(BinaryCrossEntropy)), prediction.Shape, Reduction);
    }
}
