namespace Pondus.Weights;

/// <summary>What a merge made, measured against each file that went into it.</summary>
/// <param name="Path">The file written.</param>
/// <param name="Parents">For each file, in the order given: how the merged floating-point tensors differ from it, in all.</param>
/// <param name="Tensors">For each merged tensor: how it differs from the same of each file.</param>
/// <param name="Copied">The names of tensors of whole numbers, which were taken from the first file.</param>
public sealed record MergingReport(string Path, IReadOnlyList<TensorError> Parents, IReadOnlyList<IReadOnlyList<TensorError>> Tensors, IReadOnlyList<string> Copied);
