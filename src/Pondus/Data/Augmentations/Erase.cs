namespace Pondus.Data.Augmentations;

/// <summary>Blackens a rectangle of a picture (random erasing, cutout).</summary>
/// <remarks>
/// <para>Area and the logarithm of height / width are drawn uniformly; after ten rectangles that do not fit the picture is left as it is.</para>
/// <para>Source: Zhong et al. 2020, arXiv:1708.04896, algorithm 1. Differs: black instead of noise, as in DeVries and Taylor 2017, arXiv:1708.04552.</para>
/// </remarks>
public sealed class Erase : Augmentation
{
    private const int Attempts = 10;
    private const float LargestRatio = 1f / 0.3f;

    /// <summary>Makes the augmentation.</summary>
    /// <param name="probability">Part of the samples that are changed, in [0, 1].</param>
    /// <param name="minimumArea">Smallest share of the picture, in [0, 1].</param>
    /// <param name="maximumArea">Largest share of the picture, from the smallest to 1.</param>
    public Erase(float probability = 0.5f, float minimumArea = 0.02f, float maximumArea = 0.33f)
    {
        Limits.Check(nameof(Erase), nameof(probability), probability, 0f, 1f);
        Limits.Check(nameof(Erase), nameof(minimumArea), minimumArea, 0f, 1f);
        Limits.Check(nameof(Erase), nameof(maximumArea), maximumArea, minimumArea, 1f);
        Probability = probability;
        MinimumArea = minimumArea;
        MaximumArea = maximumArea;
    }

    /// <summary>Gets the part of the samples that are changed.</summary>
    public float Probability { get; }

    /// <summary>Gets the smallest share of the picture.</summary>
    public float MinimumArea { get; }

    /// <summary>Gets the largest share of the picture.</summary>
    public float MaximumArea { get; }

    /// <inheritdoc/>
    public override void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random)
    {
        if (random.NextSingle() >= Probability)
        {
            return;
        }

        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            float area = random.NextSingle(MinimumArea, MaximumArea) * format.PlaneCount;
            float ratio = MathF.Exp(random.NextSingle(-MathF.Log(LargestRatio), MathF.Log(LargestRatio)));
            int height = (int)MathF.Round(MathF.Sqrt(area * ratio)), width = (int)MathF.Round(MathF.Sqrt(area / ratio));
            if (height > 0 && width > 0 && height <= format.Height && width <= format.Width)
            {
                Blacken(values, format, random.NextInt32(format.Height - height + 1), random.NextInt32(format.Width - width + 1), height, width);
                return;
            }
        }
    }

    private static void Blacken(Span<float> values, in PictureFormat format, int top, int left, int height, int width)
    {
        for (int channel = 0; channel < format.Channels; channel++)
        {
            for (int y = top; y < top + height; y++)
            {
                values.Slice((((channel * format.Height) + y) * format.Width) + left, width).Fill(format.Black);
            }
        }
    }
}
