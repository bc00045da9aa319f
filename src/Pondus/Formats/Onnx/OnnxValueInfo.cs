namespace Pondus.Formats.Onnx;

/// <summary>What a graph says about one of its values.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="TypeInfo">Its type; null when the graph does not say.</param>
public sealed record OnnxValueInfo(string Name, OnnxTypeInfo? TypeInfo)
{
    /// <summary>Prints name and type.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => TypeInfo is null ? Name : $"{Name} {TypeInfo}";
}
