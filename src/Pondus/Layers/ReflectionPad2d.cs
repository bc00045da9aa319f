namespace Pondus.Layers;

/// <summary>Adds the mirror images of what lies within around images; the border itself is not repeated.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C, top + height + bottom, left + width + right).</para>
/// <para>Each side is at most the size of the input less one.</para>
/// </remarks>
public sealed class ReflectionPad2d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    public ReflectionPad2d(PadSize size)
        : base(image: true, size, PadFill.Reflection)
    {
    }
}
