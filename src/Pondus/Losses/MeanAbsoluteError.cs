namespace Pondus.Losses;

/// <summary>Mean absolute error: L = mean of |p - t|.</summary>
/// <remarks>Shape: prediction and target alike. Gradient: sign(p - t) / count, 0 where they are equal.</remarks>
public sealed class MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => RegressionLossOperation.Apply(RegressionLossKind.AbsoluteError, prediction, targets.Values, 0f, nameof(MeanAbsoluteError));
}
