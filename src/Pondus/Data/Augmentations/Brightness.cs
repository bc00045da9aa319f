namespace Pondus.Data.Augmentations;

/// <summary>Makes a picture brighter or darker: one number is added to all values.</summary>
/// <remarks>Unit: that of the source, before inputs are standardized; for pictures, 1 is from black to white. Values are not cut off.</remarks>
public sealed class Brightness : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="amount">Largest change to either side, at least 0.</param>
    public Brightness(float amount = 0.2f)
    {
        Limits.Check(nameof(Brightness), nameof(amount), amount, 0f, float.MaxValue);
        Amount = amount;
    }

    /// <summary>Gets the largest change to either side.</summary>
    public float Amount { get; }

    /// <inheritdoc/>
    public override bool NeedsPictures => true;

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        float change = random.NextSingle(-Amount, Amount) * format.Unit;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += change;
        }
    }
}
