namespace Pondus.Formats.Onnx;

/// <summary>How many numbers lie in the fields by type, and where, if in one piece.</summary>
internal sealed class OnnxTypedCounts
{
    /// <summary>Gets the numbers in each field.</summary>
    public Dictionary<int, long> Numbers { get; } = [];

    /// <summary>Gets or sets the place of the packed numbers read last.</summary>
    public long PackedAt { get; set; }

    /// <summary>Gets or sets how many pieces there are: 1 for packed numbers in one piece.</summary>
    public long Pieces { get; set; }
}
