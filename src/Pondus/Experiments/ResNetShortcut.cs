namespace Pondus.Experiments;

/// <summary>What the shortcuts of a residual network are made of where the size changes.</summary>
public enum ResNetShortcut
{
    /// <summary>A 1 x 1 convolution (option B of the paper).</summary>
    Projection,

    /// <summary>Every second pixel, and channels of zeros (option A).</summary>
    Padding,
}
