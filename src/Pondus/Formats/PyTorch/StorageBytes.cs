namespace Pondus.Formats.PyTorch;

/// <summary>The bytes of a storage, wherever they lie.</summary>
/// <param name="Read">Reads any part.</param>
/// <param name="ByteCount">Bytes of the storage.</param>
/// <param name="IsBigEndian">Whether numbers have their highest byte first.</param>
/// <param name="Offset">Offset in the file of its first byte.</param>
/// <param name="Cache">Remembers the parts last used.</param>
internal sealed record StorageBytes(WeightBytesReader Read, long ByteCount, bool IsBigEndian, long Offset, StorageCache Cache);
