namespace Pondus.Losses;

/// <summary>Mean squared error: L = mean of (p - t)^2.</summary>
/// <remarks>Shape: prediction and target alike. Gradient: 2 (p - t) / count.</remarks>
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => RegressionLossOperation.Apply(RegressionLossKind.SquaredError, prediction, targets.Values, 0f, nameof(MeanSquaredError));
}
