namespace Pondus.Losses;

/// <summary>Squared near the target, absolute far from it: outliers pull no harder than delta.</summary>
/// <remarks>Shape: prediction and target alike. Formula: (p - t)^2 / 2 where |p - t| &lt;= delta, else delta (|p - t| - delta / 2). Source: Huber 1964.</remarks>
public sealed class Huber : Loss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="delta">Distance at which the loss turns linear, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not above 0.</exception>
    public Huber(float delta = 1f)
    {
        if (!(delta > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, $"Huber: expected Delta above 0, got {delta}.");
        }

        Delta = delta;
    }

    /// <summary>Gets the setting: distance at which the loss turns linear, above 0.</summary>
    public float Delta { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => RegressionLossOperation.Apply(RegressionLossKind.Huber, prediction, targets.Values, Delta, nameof(Huber));
}
