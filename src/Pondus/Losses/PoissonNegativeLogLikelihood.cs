namespace Pondus.Losses;

/// <summary>Negative log-likelihood of counts under a Poisson distribution: L = e^x - t x for a predicted logarithm x of the rate, or x - t log(x + epsilon) for a rate.</summary>
/// <remarks>
/// <para>Shape: prediction and target alike. Unit: nats, without log t! unless <see cref="Full"/>, which adds Stirling's t log t - t + log(2πt) / 2 where t is above 1.</para>
/// <para>As PyTorch's <c>PoissonNLLLoss</c>.</para>
/// </remarks>
/// <param name="logarithmicInput">Whether the prediction is the logarithm of the rate.</param>
/// <param name="full">Whether Stirling's approximation of log t! is added.</param>
/// <param name="epsilon">Keeps the logarithm of a rate finite, above 0.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class PoissonNegativeLogLikelihood(bool logarithmicInput = true, bool full = false, float epsilon = 1e-8f, LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets a value indicating whether the prediction is the logarithm of the rate.</summary>
    public bool LogarithmicInput { get; } = logarithmicInput;

    /// <summary>Gets a value indicating whether Stirling's approximation is added.</summary>
    public bool Full { get; } = full;

    /// <summary>Gets what keeps the logarithm of a rate finite.</summary>
    public float Epsilon { get; } = LossReductions.Positive(epsilon, nameof(epsilon), nameof(PoissonNegativeLogLikelihood));

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor t = targets.Values;
        LossReductions.OneShape(prediction, t, nameof(PoissonNegativeLogLikelihood));
        Tensor losses = LogarithmicInput
            ? prediction.Exponential() - (t * prediction)
            : prediction - (t * (prediction + Epsilon).Logarithm());
        if (Full)
        {
            Tensor count = t.Maximum(LossReductions.Number(1f)), logarithm = count.Logarithm();
            Tensor stirling = (count * logarithm) - count + ((logarithm + MathF.Log(2f * MathF.PI)) * 0.5f);
            losses += stirling * (t - 1f).Step();
        }

        return LossReductions.Reduce(losses, Reduction);
    }
}
