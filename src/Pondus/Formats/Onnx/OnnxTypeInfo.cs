namespace Pondus.Formats.Onnx;

/// <summary>The type of a value as a graph declares it.</summary>
/// <param name="Type">The element type of a tensor, or Sequence, Optional, Map.</param>
/// <param name="Dims">Sizes of a tensor; null when the graph does not say.</param>
/// <param name="Element">The type inside a sequence, an optional, or of a map's values.</param>
public sealed record OnnxTypeInfo(OnnxType Type, IReadOnlyList<OnnxDimension>? Dims, OnnxTypeInfo? Element = null)
{
    /// <summary>Prints the type as <c>float32 (batch, 3, 224, 224)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Element is not null
        ? $"{OnnxTypes.Name(Type)} of {Element}"
        : Dims is null ? OnnxTypes.Name(Type) : $"{OnnxTypes.Name(Type)} ({string.Join(", ", Dims)})";
}
