namespace Pondus.Formats.PyTorch;

/// <summary>A tensor that is no window on one storage: sparse, nested, or without data.</summary>
/// <param name="Kind">Sparse layout such as <c>torch.sparse_csr</c>, <c>nested</c> or <c>meta</c>.</param>
/// <param name="Parts">The tensors that it consists of.</param>
/// <param name="Shape">Sizes; null for a nested one.</param>
/// <param name="Type">The dtype of one without data.</param>
/// <param name="IsCoalesced">Whether each place of a COO tensor is given once.</param>
/// <param name="Offset">Offset in the file where it is described.</param>
internal sealed record TorchParts(string Kind, TorchTensor[] Parts, long[]? Shape, string? Type, bool IsCoalesced, long Offset);
