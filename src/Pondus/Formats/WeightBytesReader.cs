namespace Pondus.Formats;

/// <summary>Reads a part of a tensor's bytes from wherever they lie: memory, a file, a part of an archive.</summary>
/// <param name="offset">Offset of the first byte wanted, from the start of the tensor.</param>
/// <param name="destination">Receives the bytes; it is filled completely.</param>
public delegate void WeightBytesReader(long offset, Span<byte> destination);
