namespace Pondus.Data.Augmentations;

/// <summary>Adds normal noise to every value.</summary>
/// <remarks>Unit: that of the source, before inputs are standardized; for pictures, 1 is from black to white.</remarks>
public sealed class Noise : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="deviation">Standard deviation, at least 0.</param>
    public Noise(float deviation = 0.05f)
    {
        Limits.Check(nameof(Noise), nameof(deviation), deviation, 0f, float.MaxValue);
        Deviation = deviation;
    }

    /// <summary>Gets the standard deviation.</summary>
    public float Deviation { get; }

    /// <inheritdoc/>
    public override bool NeedsPictures => false;

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        float deviation = Deviation * format.Unit;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += deviation * random.NextNormal();
        }
    }
}
