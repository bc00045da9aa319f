namespace Pondus.Losses;

/// <summary>Square near the target, absolute far from it, with slope 1 there: <see cref="Huber"/> divided by its width.</summary>
/// <remarks>
/// <para>Formula: d² / (2 beta) where d = |p - t| is below beta, else d - beta / 2. Beta 0: |p - t|.</para>
/// <para>Shape: prediction and target alike. As PyTorch's <c>SmoothL1Loss</c>. Source: Girshick 2015, arXiv:1504.08083, equation 3.</para>
/// </remarks>
public sealed class SmoothL1 : Loss
{
    private readonly Loss _inner;

    /// <summary>Makes the loss.</summary>
    /// <param name="beta">Distance at which the loss turns linear, at least 0.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is below 0.</exception>
    public SmoothL1(float beta = 1f, LossReduction reduction = LossReduction.Mean)
    {
        Beta = LossReductions.NotNegative(beta, nameof(beta), nameof(SmoothL1));
        Reduction = reduction;
        _inner = beta == 0f ? new MeanAbsoluteError(reduction) : new Huber(beta, reduction);
    }

    /// <summary>Gets the distance at which the loss turns linear.</summary>
    public float Beta { get; }

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        LossReductions.OneShape(prediction, targets.Values, nameof(SmoothL1));
        Tensor loss = _inner.Forward(prediction, targets);
        return Beta == 0f ? loss : loss * (1f / Beta);
    }
}
