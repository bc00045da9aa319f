namespace Pondus.Data.Augmentations;

/// <summary>Mirrors a picture, left and right exchanged.</summary>
public sealed class HorizontalFlip : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="probability">Part of the samples that are changed, in [0, 1].</param>
    public HorizontalFlip(float probability = 0.5f)
    {
        Limits.Check(nameof(HorizontalFlip), nameof(probability), probability, 0f, 1f);
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

        for (int row = 0; row < format.Channels * format.Height; row++)
        {
            values.Slice(row * format.Width, format.Width).Reverse();
        }
    }
}
