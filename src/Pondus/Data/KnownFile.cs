namespace Pondus.Data;

/// <summary>One file of a known data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where its makers publish it.</param>
/// <param name="Sha256">SHA-256 of its content after decompression, so that a repacked file is the same file.</param>
public sealed record KnownFile(string Name, Uri Address, string Sha256);
