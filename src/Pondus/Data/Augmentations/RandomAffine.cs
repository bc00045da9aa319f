namespace Pondus.Data.Augmentations;

/// <summary>Turns, moves, scales and shears a picture around its middle; in between pixels it is read bilinearly.</summary>
/// <remarks>
/// <para>Formula: what was at q comes to p = c + t + s R H (q - c), with the middle c, a shift t, a scale s, a rotation R (clockwise as the picture is seen) and a horizontal shear H; each is drawn uniformly.</para>
/// <para>What comes in from outside is black.</para>
/// </remarks>
public sealed class RandomAffine : Augmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="rotation">Largest angle to either side, in degrees, from 0 to 180.</param>
    /// <param name="shift">Largest shift to either side, as a share of the picture's size, from 0 to 1.</param>
    /// <param name="scale">Largest relative change of size, from 0 to 0.9: 0.1 draws scales from 0.9 to 1.1.</param>
    /// <param name="shear">Largest angle of the shear to either side, in degrees, from 0 to 80.</param>
    public RandomAffine(float rotation = 0f, float shift = 0f, float scale = 0f, float shear = 0f)
    {
        Limits.Check(nameof(RandomAffine), nameof(rotation), rotation, 0f, 180f);
        Limits.Check(nameof(RandomAffine), nameof(shift), shift, 0f, 1f);
        Limits.Check(nameof(RandomAffine), nameof(scale), scale, 0f, 0.9f);
        Limits.Check(nameof(RandomAffine), nameof(shear), shear, 0f, 80f);
        Rotation = rotation;
        Shift = shift;
        Scale = scale;
        Shear = shear;
    }

    /// <summary>Gets the largest angle to either side, in degrees.</summary>
    public float Rotation { get; }

    /// <summary>Gets the largest shift to either side, as a share of the picture's size.</summary>
    public float Shift { get; }

    /// <summary>Gets the largest relative change of size.</summary>
    public float Scale { get; }

    /// <summary>Gets the largest angle of the shear to either side, in degrees.</summary>
    public float Shear { get; }

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        float rotation = random.NextSingle(-Rotation, Rotation), scale = random.NextSingle(1f - Scale, 1f + Scale), shear = random.NextSingle(-Shear, Shear);
        float right = random.NextSingle(-Shift, Shift) * format.Width, down = random.NextSingle(-Shift, Shift) * format.Height;
        Transform(values, scratch, format, rotation, scale, shear, right, down);
    }

    /// <summary>Transforms a picture by given numbers: angles in degrees, shifts in pixels.</summary>
    internal static void Transform(Span<float> values, Span<float> scratch, in PictureFormat format, float rotation, float scale, float shear, float right, float down)
    {
        values.CopyTo(scratch);
        // Each place of the result asks where it came from: q - c = H^-1 R^-1 (p - c - t) / s.
        (double sine, double cosine) = Math.SinCos(rotation * Math.PI / 180);
        double slant = Math.Tan(shear * Math.PI / 180);
        float xx = (float)((cosine + (slant * sine)) / scale), xy = (float)((sine - (slant * cosine)) / scale);
        float yx = (float)(-sine / scale), yy = (float)(cosine / scale);
        float middleX = (format.Width - 1) / 2f, middleY = (format.Height - 1) / 2f;
        for (int y = 0; y < format.Height; y++)
        {
            float dy = y - middleY - down;
            for (int x = 0; x < format.Width; x++)
            {
                float dx = x - middleX - right;
                Read(values, scratch, format, (y * format.Width) + x, (xx * dx) + (xy * dy) + middleX, (yx * dx) + (yy * dy) + middleY);
            }
        }
    }

    private static void Read(Span<float> values, Span<float> from, in PictureFormat format, int to, float x, float y)
    {
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        float partX = x - left, partY = y - top;
        // A picture and its four outer neighbors: further out all is black, and indices could overflow.
        bool isNear = left >= -1 && left < format.Width && top >= -1 && top < format.Height;
        for (int at = 0; at < values.Length; at += format.PlaneCount)
        {
            ReadOnlySpan<float> plane = from.Slice(at, format.PlaneCount);
            values[at + to] = isNear
                ? Blend(Blend(Pixel(plane, format, left, top), Pixel(plane, format, left + 1, top), partX), Blend(Pixel(plane, format, left, top + 1), Pixel(plane, format, left + 1, top + 1), partX), partY)
                : format.Black;
        }
    }

    private static float Pixel(ReadOnlySpan<float> plane, in PictureFormat format, int x, int y) =>
        (uint)x < (uint)format.Width && (uint)y < (uint)format.Height ? plane[(y * format.Width) + x] : format.Black;

    private static float Blend(float first, float second, float part) => first + ((second - first) * part);
}
