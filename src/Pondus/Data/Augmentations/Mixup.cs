namespace Pondus.Data.Augmentations;

/// <summary>Blends all values of two samples: x = s x1 + (1 - s) x2.</summary>
/// <remarks>Source: Zhang et al. 2018, arXiv:1710.09412, equation 1; the share s is drawn from Beta(alpha, alpha).</remarks>
/// <param name="alpha">Parameter of the beta distribution, above 0; small ones mix little.</param>
/// <param name="probability">Part of the samples that are mixed, in [0, 1].</param>
public sealed class Mixup(float alpha = 0.2f, float probability = 1f) : Mixing(alpha, probability)
{
    /// <inheritdoc/>
    public override bool NeedsPictures => false;

    /// <inheritdoc/>
    public override float Mix(Span<float> values, ReadOnlySpan<float> partner, in PictureFormat format, ref SampleRandom random)
    {
        float share = random.NextBeta(Alpha);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (share * values[i]) + ((1f - share) * partner[i]);
        }

        return share;
    }
}
