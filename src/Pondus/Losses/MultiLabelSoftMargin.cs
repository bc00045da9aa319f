namespace Pondus.Losses;

/// <summary>Cross-entropy of several yes-or-no answers a row: L = -mean over classes of w (t log s(x) + (1 - t) log s(-x)) with the logistic s.</summary>
/// <remarks>Shape: logits and targets of 0 and 1, (..., C); one loss a row. Unit: nats. As PyTorch's <c>MultiLabelSoftMarginLoss</c>.</remarks>
public sealed class MultiLabelSoftMargin : Loss
{
    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="classWeights">A weight for each class; empty weighs all alike.</param>
    /// <param name="reduction">How the rows' losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public MultiLabelSoftMargin(ReadOnlySpan<float> classWeights = default, LossReduction reduction = LossReduction.Mean)
    {
        _classWeights = LossReductions.ClassWeights(classWeights, nameof(MultiLabelSoftMargin));
        Reduction = reduction;
    }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Gets how the rows' losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor target = targets.Values;
        LossReductions.OneShape(prediction, target, nameof(MultiLabelSoftMargin));
        LossReductions.CheckWeights(_classWeights, prediction, nameof(MultiLabelSoftMargin));
        Tensor terms = ((1f - target) * prediction) + (-prediction).Softplus();
        return LossReductions.Reduce((_classWeights is null ? terms : terms * LabelOperation.Row(_classWeights)).Mean(-1), Reduction);
    }
}
