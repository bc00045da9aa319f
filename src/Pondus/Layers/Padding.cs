namespace Pondus.Layers;

/// <summary>How many zeros a convolution sees around an image: <c>1</c>, <c>(1, 2)</c> or <see cref="Same"/>.</summary>
/// <param name="Height">Zeros above and below.</param>
/// <param name="Width">Zeros left and right.</param>
public readonly record struct Padding(int Height, int Width)
{
    /// <summary>Gets the padding that gives the output the input's size; the stride must be 1.</summary>
    /// <remarks>Where the sum is odd, the larger part lies below and right, as in PyTorch.</remarks>
    public static Padding Same { get; } = new(-1, -1);

    /// <summary>Makes a padding equal on all sides.</summary>
    /// <param name="both">Zeros on each side.</param>
    public static implicit operator Padding(int both) => new(both, both);

    /// <summary>Makes a padding.</summary>
    /// <param name="pair">Zeros along height and width.</param>
    public static implicit operator Padding((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>Makes a padding from a size.</summary>
    /// <param name="size">Zeros along height and width.</param>
    public static implicit operator Padding(Size2d size) => new(size.Height, size.Width);

    /// <summary>Prints <c>1</c>, <c>1x2</c> or <c>same</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => this == Same ? "same" : new Size2d(Height, Width).ToString();
}
