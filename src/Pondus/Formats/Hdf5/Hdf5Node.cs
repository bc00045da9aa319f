namespace Pondus.Formats.Hdf5;

/// <summary>A group or a data set at a path.</summary>
/// <param name="Path">Its path without the leading slash; empty for the root.</param>
/// <param name="Attributes">Its attributes by name.</param>
/// <param name="Entry">The tensor; null for a group.</param>
internal sealed record Hdf5Node(string Path, IReadOnlyDictionary<string, Hdf5Attribute> Attributes, WeightEntry? Entry);
