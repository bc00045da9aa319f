namespace Pondus.Formats.Onnx;

/// <summary>A tensor of a graph: numbers whose bytes are read when asked for, or texts.</summary>
public sealed record OnnxTensor
{
    /// <summary>Gets the name; empty for one in an attribute.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Gets the element type.</summary>
    public required OnnxType Type { get; init; }

    /// <summary>Gets the sizes, outermost first.</summary>
    public long[] Dims { get; init; } = [];

    /// <summary>Gets the numbers; null for texts.</summary>
    public WeightEntry? Entry { get; init; }

    /// <summary>Gets the texts, row-major, as their bytes; null for numbers.</summary>
    public byte[][]? Strings { get; init; }

    /// <summary>Gets the number of elements.</summary>
    public long Count => Entry?.Count ?? Strings?.Length ?? 0;
}
