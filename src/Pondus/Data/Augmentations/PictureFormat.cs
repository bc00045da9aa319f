namespace Pondus.Data.Augmentations;

/// <summary>Sizes and units of the samples that are augmented.</summary>
/// <param name="Channels">Number of planes.</param>
/// <param name="Height">Rows of a plane.</param>
/// <param name="Width">Values of a row.</param>
/// <param name="Black">What comes in from outside a picture: 0 of the source, as the network sees it.</param>
/// <param name="Unit">What a difference of 1 in the source is for the network; 1 unless inputs are standardized.</param>
public readonly record struct PictureFormat(int Channels, int Height, int Width, float Black = 0f, float Unit = 1f)
{
    /// <summary>Gets the number of values of a sample.</summary>
    public int Count => Channels * Height * Width;

    /// <summary>Gets the number of values of a plane.</summary>
    public int PlaneCount => Height * Width;
}
