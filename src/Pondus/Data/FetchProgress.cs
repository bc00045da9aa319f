namespace Pondus.Data;

/// <summary>How far a download is.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Bytes">Bytes received of it.</param>
/// <param name="TotalBytes">Bytes of the whole file, or null when the server does not say.</param>
public readonly record struct FetchProgress(string FileName, long Bytes, long? TotalBytes);
