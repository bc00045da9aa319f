namespace Pondus.Formats.Archives;

/// <summary>Takes the next bytes of a member.</summary>
internal delegate void ZipPartWriter(ReadOnlySpan<byte> bytes);
