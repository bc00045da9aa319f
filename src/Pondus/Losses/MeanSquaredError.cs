namespace Pondus.Losses;

/// <summary>Mean squared error: L = mean of (p - t)^2.</summary>
/// <remarks>Shape: prediction and target alike. Gradient: 2 (p - t) / count.</remarks>
/// <param name="reduction">How single losses become one number.</param>
public sealed class MeanSquaredError(LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        if (Reduction == LossReduction.None)
        {
            LossReductions.OneShape(prediction, targets.Values, nameof(MeanSquaredError));
            return (prediction - targets.Values).Square();
        }

        return LossReductions.FromMean(RegressionLossOperation.Apply(RegressionLossKind.SquaredError, prediction, targets.Values, 0f, nameof(MeanSquaredError)), prediction.Shape, Reduction);
    }
}
