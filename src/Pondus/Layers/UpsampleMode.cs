namespace Pondus.Layers;

/// <summary>How a resized image gets its values.</summary>
public enum UpsampleMode
{
    /// <summary>Each takes the value of the nearest place.</summary>
    Nearest,

    /// <summary>Each is the mean of the four nearest, weighted by distance.</summary>
    Bilinear,

    /// <summary>Each is a sum over the sixteen nearest, along cubic curves; values may leave the range of the input.</summary>
    Bicubic,
}
