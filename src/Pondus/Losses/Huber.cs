namespace Pondus.Losses;

/// <summary>Squared near the target, absolute far from it: outliers pull no harder than delta.</summary>
/// <remarks>Shape: prediction and target alike. Formula: (p - t)^2 / 2 where |p - t| &lt;= delta, else delta (|p - t| - delta / 2). Source: Huber 1964.</remarks>
public sealed class Huber : Loss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="delta">Distance at which the loss turns linear, above 0.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not above 0.</exception>
    public Huber(float delta = 1f, LossReduction reduction = LossReduction.Mean)
    {
        if (!(delta > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, $"Huber: expected Delta above 0, got {delta}.");
        }

        Delta = delta;
        Reduction = reduction;
    }

    /// <summary>Gets the setting: distance at which the loss turns linear, above 0.</summary>
    public float Delta { get; }

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        if (Reduction == LossReduction.None)
        {
            LossReductions.OneShape(prediction, targets.Values, nameof(Huber));
            Tensor distance = (prediction - targets.Values).Absolute(), near = distance.Minimum(LossReductions.Number(Delta));
            return (near.Square() * 0.5f) + ((distance - near) * Delta);
        }

        return LossReductions.FromMean(RegressionLossOperation.Apply(RegressionLossKind.Huber, prediction, targets.Values, Delta, nameof(Huber)), prediction.Shape, Reduction);
    }
}
