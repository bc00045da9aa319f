namespace Pondus.Data.Augmentations;

/// <summary>Moves a picture by whole pixels: it is padded with black on all sides, and a part of its own size is cut out.</summary>
/// <remarks>Source: He et al. 2016, arXiv:1512.03385, section 4.2, with 4 pixels for pictures of 32.</remarks>
public sealed class RandomCrop : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="padding">Largest shift in pixels, at least 0.</param>
    public RandomCrop(int padding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        Padding = padding;
    }

    /// <summary>Gets the largest shift in pixels.</summary>
    public int Padding { get; }

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        int dy = random.NextInt32((2 * Padding) + 1) - Padding, dx = random.NextInt32((2 * Padding) + 1) - Padding;
        if (dx == 0 && dy == 0)
        {
            return;
        }

        values.CopyTo(scratch);
        values.Fill(format.Black);
        int width = format.Width - Math.Abs(dx);
        for (int row = 0; width > 0 && row < format.Channels * format.Height; row++)
        {
            int y = (row % format.Height) + dy;
            if ((uint)y < (uint)format.Height)
            {
                scratch.Slice(((row + dy) * format.Width) + Math.Max(dx, 0), width).CopyTo(values[((row * format.Width) + Math.Max(-dx, 0))..]);
            }
        }
    }
}
