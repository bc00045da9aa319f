namespace Pondus.Weights;

/// <summary>What pruning or quantization did to a file.</summary>
/// <param name="Path">The file written.</param>
/// <param name="Tensors">What became of each tensor that was changed.</param>
/// <param name="Total">The same for all of them together.</param>
/// <param name="Kept">The names of the tensors that stayed as they were, and why.</param>
public sealed record OperationReport(string Path, IReadOnlyList<TensorError> Tensors, TensorError Total, IReadOnlyList<(string Name, string Reason)> Kept);
