namespace Pondus.Losses;

/// <summary>Cross-entropy of yes-or-no answers against probabilities in [0, 1].</summary>
/// <remarks>Shape: prediction and target alike. Logarithms are cut at -100, as PyTorch's <c>BCELoss</c>. Prefer <see cref="BinaryCrossEntropy"/> on logits. Unit: nats.</remarks>
public sealed class BinaryCrossEntropyOnProbabilities : Loss
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => RegressionLossOperation.Apply(RegressionLossKind.BinaryCrossEntropy, prediction, targets.Values, 0f, nameof(BinaryCrossEntropyOnProbabilities));
}
