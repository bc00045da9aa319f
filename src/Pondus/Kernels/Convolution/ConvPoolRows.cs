namespace Pondus.Kernels;

/// <summary>Rows of images to be pooled two by two.</summary>
internal unsafe struct ConvPoolRows
{
    public float* Source;
    public float* Target;

    /// <summary>Receives which value of each window was the largest; or null.</summary>
    public float* Winners;

    public int Images;

    /// <summary>Rows of the result in each image.</summary>
    public int Height;

    /// <summary>Places of a row of the result.</summary>
    public int Width;

    public int SourceWidth;

    /// <summary>Channels that are pooled.</summary>
    public int Channels;

    /// <summary>Channels of a place: the distance of neighbors.</summary>
    public int Pitch;

    /// <summary>Floats from one image to the next.</summary>
    public nint SourceImage;

    /// <summary>Floats from one image of the result to the next.</summary>
    public nint TargetImage;
}
