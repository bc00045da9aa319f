namespace Pondus.Layers;

/// <summary>Adds the mirror images of what lies within before and behind signals; the border itself is not repeated.</summary>
/// <remarks>
/// <para>Shape: (batch, C, length) to (batch, C, left + length + right).</para>
/// <para>Each side is at most the size of the input less one.</para>
/// </remarks>
public sealed class ReflectionPad1d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    public ReflectionPad1d(PadSize size)
        : base(image: false, size, PadFill.Reflection)
    {
    }
}
