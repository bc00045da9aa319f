namespace Pondus.Formats.Onnx;

/// <summary>Nodes in an order in which they can be computed, with the tensors they use.</summary>
public sealed record OnnxGraph
{
    /// <summary>Gets the name.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Gets the nodes.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; init; } = [];

    /// <summary>Gets the tensors that are given.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>Gets the sparse tensors that are given.</summary>
    public IReadOnlyList<OnnxSparseTensor> SparseInitializers { get; init; } = [];

    /// <summary>Gets the inputs; old files list the initializers among them, as defaults.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; init; } = [];

    /// <summary>Gets the outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; init; } = [];

    /// <summary>Gets what is known of the values between.</summary>
    public IReadOnlyList<OnnxValueInfo> ValueInfos { get; init; } = [];
}
