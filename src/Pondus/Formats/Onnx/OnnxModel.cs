namespace Pondus.Formats.Onnx;

/// <summary>What an ONNX file says.</summary>
public sealed record OnnxModel
{
    /// <summary>Gets the version of the file format.</summary>
    public long IrVersion { get; init; }

    /// <summary>Gets the program that wrote it.</summary>
    public string ProducerName { get; init; } = string.Empty;

    /// <summary>Gets that program's version.</summary>
    public string ProducerVersion { get; init; } = string.Empty;

    /// <summary>Gets the domain of the model.</summary>
    public string Domain { get; init; } = string.Empty;

    /// <summary>Gets the version of the model.</summary>
    public long ModelVersion { get; init; }

    /// <summary>Gets what the writer says about it.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Gets the versions of the operator sets used, by domain; ONNX's own is the empty one.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Gets the graph.</summary>
    public OnnxGraph Graph { get; init; } = new();

    /// <summary>Gets the operators that the model defines itself.</summary>
    public IReadOnlyList<OnnxFunction> Functions { get; init; } = [];

    /// <summary>Gets texts kept with it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
