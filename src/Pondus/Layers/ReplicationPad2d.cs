namespace Pondus.Layers;

/// <summary>Repeats the border around images.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C, top + height + bottom, left + width + right).</para>
/// </remarks>
public sealed class ReplicationPad2d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    public ReplicationPad2d(PadSize size)
        : base(image: true, size, PadFill.Replication)
    {
    }
}
