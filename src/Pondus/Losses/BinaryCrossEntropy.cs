namespace Pondus.Losses;

/// <summary>Cross-entropy of yes-or-no answers against logits: L = -mean of t log s(x) + (1 - t) log(1 - s(x)) with the logistic s.</summary>
/// <remarks>Shape: prediction and target alike. Exact for any logit; targets in [0, 1]. Unit: nats. Differs: takes logits as PyTorch's <c>BCEWithLogitsLoss</c>; for probabilities see <see cref="BinaryCrossEntropyOnProbabilities"/>.</remarks>
public sealed class BinaryCrossEntropy : Loss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="positiveWeight">Weight of the positive answers, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="positiveWeight"/> is not above 0.</exception>
    public BinaryCrossEntropy(float positiveWeight = 1f)
    {
        if (!(positiveWeight > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(positiveWeight), positiveWeight, $"BinaryCrossEntropy: expected PositiveWeight above 0, got {positiveWeight}.");
        }

        PositiveWeight = positiveWeight;
    }

    /// <summary>Gets the setting: weight of the positive answers, above 0.</summary>
    public float PositiveWeight { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => RegressionLossOperation.Apply(RegressionLossKind.BinaryCrossEntropyWithLogits, prediction, targets.Values, PositiveWeight, nameof(BinaryCrossEntropy));
}
