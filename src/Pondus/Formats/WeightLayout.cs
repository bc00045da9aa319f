namespace Pondus.Formats;

/// <summary>How elements lie in bytes: so many of them share so many bytes. A plain type has one element a block.</summary>
/// <param name="Elements">Elements of a block.</param>
/// <param name="Bytes">Bytes of a block.</param>
internal readonly record struct WeightLayout(int Elements, int Bytes);
