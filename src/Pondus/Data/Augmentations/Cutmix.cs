namespace Pondus.Data.Augmentations;

/// <summary>Puts a rectangle of another picture into a picture.</summary>
/// <remarks>
/// <para>Formula: the rectangle has the picture's proportions and the share 1 - s of its area, s from Beta(alpha, alpha), around a uniformly drawn place; what is outside is cut off, and the share is that of the pixels left.</para>
/// <para>Source: Yun et al. 2019, arXiv:1905.04899, equations 1 and 2.</para>
/// </remarks>
/// <param name="alpha">Parameter of the beta distribution, above 0.</param>
/// <param name="probability">Part of the samples that are mixed, in [0, 1].</param>
public sealed class Cutmix(float alpha = 1f, float probability = 0.5f) : Mixing(alpha, probability)
{
    /// <inheritdoc/>
    public override float Mix(Span<float> values, ReadOnlySpan<float> partner, in PictureFormat format, ref SampleRandom random)
    {
        float side = MathF.Sqrt(1f - random.NextBeta(Alpha));
        (int left, int right) = Cut(format.Width, side, ref random);
        (int top, int bottom) = Cut(format.Height, side, ref random);
        for (int channel = 0; channel < format.Channels; channel++)
        {
            for (int y = top; y < bottom; y++)
            {
                int at = (((channel * format.Height) + y) * format.Width) + left;
                partner.Slice(at, right - left).CopyTo(values[at..]);
            }
        }

        return 1f - ((float)((right - left) * (bottom - top)) / format.PlaneCount);
    }

    private static (int Begin, int End) Cut(int size, float share, ref SampleRandom random)
    {
        int length = (int)(size * share), begin = random.NextInt32(size) - (length / 2);
        return (Math.Clamp(begin, 0, size), Math.Clamp(begin + length, 0, size));
    }
}
