namespace Pondus.Formats.Archives;

/// <summary>One member of a zip archive, as the central directory describes it.</summary>
/// <param name="Name">Its name, with forward slashes.</param>
/// <param name="IsDeflated">Whether it is compressed; else its bytes lie in the file as they are.</param>
/// <param name="StoredBytes">Bytes in the file.</param>
/// <param name="ByteCount">Bytes of the content.</param>
/// <param name="Crc32">Checksum of the content.</param>
/// <param name="DataOffset">Offset of its first byte in the file.</param>
internal sealed record ZipMember(string Name, bool IsDeflated, long StoredBytes, long ByteCount, uint Crc32, long DataOffset);
