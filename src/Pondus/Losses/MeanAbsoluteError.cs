namespace Pondus.Losses;

/// <summary>Mean absolute error: L = mean of |p - t|.</summary>
/// <remarks>Shape: prediction and target alike. Gradient: sign(p - t) / count, 0 where they are equal.</remarks>
/// <param name="reduction">How single losses become one number.</param>
public sealed class MeanAbsoluteError(LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        if (Reduction == LossReduction.None)
        {
            LossReductions.OneShape(prediction, targets.Values, nameof(MeanAbsoluteError));
            return (prediction - targets.Values).Absolute();
        }

        return LossReductions.FromMean(RegressionLossOperation.Apply(RegressionLossKind.AbsoluteError, prediction, targets.Values, 0f, nameof(MeanAbsoluteError)), prediction.Shape, Reduction);
    }
}
