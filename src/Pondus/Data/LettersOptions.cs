namespace Pondus.Data;

/// <summary>How the generated letters vary.</summary>
public sealed record LettersOptions
{
    /// <summary>Gets the height and width of a picture in pixels, at least 8.</summary>
    public int Size { get; init; } = 28;

    /// <summary>Gets how far each point of a stroke may move, as a share of the picture.</summary>
    public float Jitter { get; init; } = 0.035f;

    /// <summary>Gets the largest rotation, in degrees, either way; below 90.</summary>
    public float Rotation { get; init; } = 14f;

    /// <summary>Gets the largest slant, as sideways shift for one unit of height, either way.</summary>
    public float Shear { get; init; } = 0.22f;

    /// <summary>Gets the largest change of height and of width, each on its own, as a share.</summary>
    public float Scaling { get; init; } = 0.2f;

    /// <summary>Gets the largest shift of the letter, as a share of the picture, either way.</summary>
    public float Shift { get; init; } = 0.07f;

    /// <summary>Gets the thinnest stroke, as a share of the picture.</summary>
    public float MinThickness { get; init; } = 0.05f;

    /// <summary>Gets the thickest stroke, as a share of the picture.</summary>
    public float MaxThickness { get; init; } = 0.15f;

    /// <summary>Gets the standard deviation of the noise of each pixel; a pixel is from 0 to 1.</summary>
    public float Noise { get; init; } = 0.06f;
}
