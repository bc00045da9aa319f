namespace Pondus.Formats.Onnx;

/// <summary>The size of an axis as a graph declares it: known, or a name such as <c>batch</c>, or nothing.</summary>
/// <param name="Size">The size, or null.</param>
/// <param name="Name">The name of a size that is the caller's choice, or null.</param>
public readonly record struct OnnxDimension(long? Size, string? Name)
{
    /// <summary>Prints the size, the name, or a question mark.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Size is { } size ? $"{size}" : string.IsNullOrEmpty(Name) ? "?" : Name;
}
