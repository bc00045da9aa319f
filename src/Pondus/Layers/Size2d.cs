namespace Pondus.Layers;

/// <summary>A size along height and width; one number stands for both: <c>3</c> or <c>(3, 5)</c>.</summary>
/// <param name="Height">Along the height.</param>
/// <param name="Width">Along the width.</param>
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>Makes a square size.</summary>
    /// <param name="both">Height and width.</param>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <summary>Makes a size.</summary>
    /// <param name="pair">Height and width.</param>
    public static implicit operator Size2d((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>Makes a square size; the same as the conversion.</summary>
    /// <param name="both">Height and width.</param>
    /// <returns>The size.</returns>
    public static Size2d Square(int both) => both;

    /// <summary>Prints <c>3</c> or <c>3x5</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Height == Width ? $"{Height}" : $"{Height}x{Width}";
}
