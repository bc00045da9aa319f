namespace Pondus.Losses;

/// <summary>Negative log-likelihood under a normal distribution whose mean and variance are both predicted: L = (log v + (m - t)² / v) / 2.</summary>
/// <remarks>
/// <para>Shape: all three alike. Unit: nats, without log(2π) / 2 unless <see cref="Full"/>. As PyTorch's <c>GaussianNLLLoss</c>.</para>
/// <para>Differs: where the variance is below epsilon it gets no gradient. Source: Nix and Weigend 1994.</para>
/// </remarks>
/// <param name="full">Whether log(2π) / 2 is added.</param>
/// <param name="epsilon">Least variance, above 0.</param>
/// <param name="reduction">How single losses become one number.</param>
public sealed class GaussianNegativeLogLikelihood(bool full = false, float epsilon = 1e-6f, LossReduction reduction = LossReduction.Mean)
{
    /// <summary>Gets a value indicating whether log(2π) / 2 is added.</summary>
    public bool Full { get; } = full;

    /// <summary>Gets the least variance.</summary>
    public float Epsilon { get; } = LossReductions.Positive(epsilon, nameof(epsilon), nameof(GaussianNegativeLogLikelihood));

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <summary>Computes the loss.</summary>
    /// <param name="mean">Predicted means.</param>
    /// <param name="variance">Predicted variances.</param>
    /// <param name="target">What happened.</param>
    /// <returns>The loss.</returns>
    public Tensor Forward(Tensor mean, Tensor variance, Tensor target)
    {
        LossReductions.OneShape(mean, target, nameof(GaussianNegativeLogLikelihood));
        LossReductions.OneShape(mean, variance, nameof(GaussianNegativeLogLikelihood));
        Tensor v = variance.Maximum(LossReductions.Number(Epsilon));
        Tensor losses = (v.Logarithm() + ((mean - target).Square() / v)) * 0.5f;
        return LossReductions.Reduce(Full ? losses + (0.5f * MathF.Log(2f * MathF.PI)) : losses, Reduction);
    }
}
