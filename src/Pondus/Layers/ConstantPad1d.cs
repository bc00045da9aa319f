namespace Pondus.Layers;

/// <summary>Adds places of one value before and behind signals.</summary>
/// <remarks>
/// <para>Shape: (batch, C, length) to (batch, C, left + length + right).</para>
/// </remarks>
public sealed class ConstantPad1d : PaddingLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="size">Places on each side: a number, or <see cref="PadSize"/> for sides of their own; below 0 takes places away.</param>
    /// <param name="value">What the added places hold.</param>
    public ConstantPad1d(PadSize size, float value)
        : base(image: false, size, PadFill.Constant, value)
    {
        Value = value;
    }

    /// <summary>Gets what the added places hold.</summary>
    public float Value { get; }

    /// <inheritdoc/>
    public override string ToString() => $"ConstantPad1d({Sides}, value {Value})";
}
