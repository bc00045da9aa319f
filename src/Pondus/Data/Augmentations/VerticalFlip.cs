namespace Pondus.Data.Augmentations;

/// <summary>Turns a picture upside down, as a mirror at its foot does.</summary>
public sealed class VerticalFlip : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="probability">Part of the samples that are changed, in [0, 1].</param>
    public VerticalFlip(float probability = 0.5f)
    {
        Limits.Check(nameof(VerticalFlip), nameof(probability), probability, 0f, 1f);
        Probability = probability;
    }

    /// <summary>Gets the part of the samples that are changed.</summary>
    public float Probability { get; }

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        if (random.NextSingle() >= Probability)
        {
            return;
        }

        for (int channel = 0; channel < format.Channels; channel++)
        {
            Span<float> plane = values.Slice(channel * format.PlaneCount, format.PlaneCount);
            for (int top = 0, bottom = format.Height - 1; top < bottom; top++, bottom--)
            {
                Span<float> upper = plane.Slice(top * format.Width, format.Width), lower = plane.Slice(bottom * format.Width, format.Width), kept = scratch[..format.Width];
                upper.CopyTo(kept);
                lower.CopyTo(upper);
                kept.CopyTo(lower);
            }
        }
    }
}
