namespace Pondus.Formats.Onnx;

/// <summary>An operator that the model itself defines by nodes.</summary>
public sealed record OnnxFunction
{
    /// <summary>Gets the operator's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets its domain.</summary>
    public string Domain { get; init; } = string.Empty;

    /// <summary>Gets which variant it is; nearly always empty.</summary>
    public string Overload { get; init; } = string.Empty;

    /// <summary>Gets the names of the inputs inside.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the names of the outputs inside.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Gets the names of the settings that a call must give.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Gets the settings that a call may leave out.</summary>
    public IReadOnlyList<OnnxAttribute> Defaults { get; init; } = [];

    /// <summary>Gets the nodes.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; init; } = [];

    /// <summary>Gets the versions of the operator sets that the nodes are written in, by domain.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);
}
