namespace Pondus.Losses;

/// <summary>Kullback-Leibler divergence of a predicted distribution from the target: L = Σ t (log t - x), x being logarithms of probabilities.</summary>
/// <remarks>
/// <para>Shape: prediction and target alike; the first axis is the batch, and the sum is divided by its size. A target of 0 adds nothing. Unit: nats.</para>
/// <para>Take the logarithms from <see cref="Tensor.LogSoftmax"/>. As PyTorch's <c>KLDivLoss</c>. Differs: its default is the sum over the batch, the divergence, instead of the mean over all values.</para>
/// <para>Source: Kullback and Leibler 1951.</para>
/// </remarks>
/// <param name="logarithmicTargets">Whether the targets are logarithms too.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class KullbackLeibler(bool logarithmicTargets = false, LossReduction reduction = LossReduction.BatchMean) : Loss
{
    // The logarithm of a target of 0 is cut here, and its product with the target is 0.
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Gets a value indicating whether the targets are logarithms.</summary>
    public bool LogarithmicTargets { get; } = logarithmicTargets;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor target = targets.Values;
        LossReductions.OneShape(prediction, target, nameof(KullbackLeibler));
        Tensor losses = LogarithmicTargets
            ? target.Exponential() * (target - prediction)
            : target * (target.Maximum(LossReductions.Number(SmallestNormal)).Logarithm() - prediction);
        return LossReductions.Reduce(losses, Reduction);
    }
}
