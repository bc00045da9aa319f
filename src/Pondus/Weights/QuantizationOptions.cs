using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>How weights are quantized.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Gets the type: <c>int8</c> per channel, or a GGUF block such as <c>q8_0</c>.</summary>
    public required string DataType { get; init; }

    /// <summary>Gets patterns of names that stay as they are.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Gets the format to write; null for the one that the target's name asks for.</summary>
    public IWeightFormat? Format { get; init; }
}
