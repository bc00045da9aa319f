namespace Pondus.Formats.Hdf5;

/// <summary>Where a chunk lies.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Bytes">Its bytes as stored.</param>
/// <param name="Mask">The filters that it has not passed, a bit each.</param>
internal readonly record struct Hdf5ChunkPlace(long Address, long Bytes, uint Mask);
