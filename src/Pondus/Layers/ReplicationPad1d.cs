namespace Pondus.Layers;

/// <summary>Repeats the first and last value before and behind signals.</summary>
/// <remarks>
/// <para>Shape: (batch, C, length) to (batch, C, left + length + right).</para>
/// </remarks>
public sealed class ReplicationPad1d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    public ReplicationPad1d(PadSize size)
        : base(image: false, size, PadFill.Replication)
    {
    }
}
