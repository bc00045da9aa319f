namespace Pondus.Losses;

/// <summary>A hinge without a corner, for targets of -1 and 1: L = log(1 + e^(-t x)).</summary>
/// <remarks>Shape: prediction and target alike. Unit: nats. As PyTorch's <c>SoftMarginLoss</c>; with targets of 0 and 1 it is <see cref="BinaryCrossEntropy"/>.</remarks>
/// <param name="reduction">How single losses become one number.</param>
public sealed class SoftMargin(LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        LossReductions.OneShape(prediction, targets.Values, nameof(SoftMargin));
        return LossReductions.Reduce((-(prediction * targets.Values)).Softplus(), Reduction);
    }
}
