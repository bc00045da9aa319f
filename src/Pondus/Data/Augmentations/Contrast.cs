namespace Pondus.Data.Augmentations;

/// <summary>Strengthens or weakens the differences from the mean of a picture.</summary>
/// <remarks>Formula: y = m + f (x - m) with the mean m of all values and a factor f, drawn uniformly from [1 - amount, 1 + amount]. Values are not cut off.</remarks>
public sealed class Contrast : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="amount">Largest change of the factor, from 0 to 1.</param>
    public Contrast(float amount = 0.2f)
    {
        Limits.Check(nameof(Contrast), nameof(amount), amount, 0f, 1f);
        Amount = amount;
    }

    /// <summary>Gets the largest change of the factor.</summary>
    public float Amount { get; }

    /// <inheritdoc/>
    public override bool NeedsPictures => true;

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        float factor = random.NextSingle(1f - Amount, 1f + Amount);
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        float mean = (float)(sum / values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = mean + (factor * (values[i] - mean));
        }
    }
}
