using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>A node that is ready to be computed.</summary>
internal sealed class OnnxPlanNode
{
    public required OnnxNode Node { get; init; }

    public required OnnxOperator Operator { get; init; }

    /// <summary>Gets the versions of operator sets that the node was written for.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Gets the names that nothing behind this node uses.</summary>
    public required string[] LastUses { get; init; }

    /// <summary>Gets whether the outputs are the same at every run.</summary>
    public required bool IsConstant { get; init; }

    /// <summary>Gets the ReLU behind, when nothing else uses the output: operators of the engine compute it along.</summary>
    public OnnxPlanNode? Relu { get; init; }

    public OnnxNodeState State { get; } = new();

    public long Opset => Opsets.TryGetValue(Node.Domain, out long version) ? version : 1;
}
