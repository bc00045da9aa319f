namespace Pondus.Layers;

/// <summary>Adds places of one value around images.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width) to (batch, C, top + height + bottom, left + width + right).</para>
/// </remarks>
public sealed class ConstantPad2d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    /// <param name="value">What the added places hold.</param>
    public ConstantPad2d(PadSize size, float value)
        : base(image: true, size, PadFill.Constant, value)
    {
        Value = value;
    }

    /// <summary>Gets what the added places hold.</summary>
    public float Value { get; }

    /// <inheritdoc/>
    public override string ToString() => $"ConstantPad2d({Sides}, value {Value})";
}
