namespace Pondus.Losses;

/// <summary>Contrastive loss of two views: each vector must find its partner among all other vectors of both views.</summary>
/// <remarks>
/// <para>Formula: with z the 2N vectors scaled to length 1, L = -mean over i of log(e^(z_i·z_p / τ) / Σ_(k≠i) e^(z_i·z_k / τ)), p being the partner of i.</para>
/// <para>Shape: (N, D) twice. Unit: nats; log(2N - 1) when nothing is learned. Memory: 4 N² values.</para>
/// <para>Source: Chen et al. 2020, arXiv:2002.05709, equation 1.</para>
/// </remarks>
/// <param name="temperature">τ, above 0.</param>
public sealed class NtXent(float temperature = 0.5f)
{
    // Far below any score, and its exponential is 0: a vector is no candidate for itself.
    private const float Never = -1e9f;

    /// <summary>Gets the temperature τ.</summary>
    public float Temperature { get; } = LossReductions.Positive(temperature, nameof(temperature), nameof(NtXent));

    /// <summary>Computes the loss.</summary>
    /// <param name="first">Vectors of the one view.</param>
    /// <param name="second">Vectors of the other view of the same samples.</param>
    /// <returns>A single number.</returns>
    public Tensor Forward(Tensor first, Tensor second)
    {
        InfoNce.CheckPairs(first, second, nameof(NtXent));
        int count = first.Shape[0];
        Tensor z = InfoNce.Unit(Tensor.Concatenate(0, first, second));
        Tensor scores = (z.MatMul(z, transposeRight: true) * (1f / Temperature)) + LabelOperation.Diagonal(2 * count, Never);
        return InfoNce.AtPartner(scores, count);
    }
}
