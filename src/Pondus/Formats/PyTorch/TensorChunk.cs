namespace Pondus.Formats.PyTorch;

/// <summary>A box of a tensor that is stored by itself.</summary>
/// <param name="Offsets">Where it begins, for each axis.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Window">Where its bytes lie.</param>
/// <param name="Read">Reads them, row-major.</param>
internal sealed record TensorChunk(long[] Offsets, long[] Sizes, TensorWindow Window, WeightBytesReader Read);
