namespace Pondus.Formats.Hdf5;

/// <summary>A name in a group.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The object's address; -1 for a link that is no hard one.</param>
/// <param name="Target">What a soft or external link says; null for a hard one.</param>
/// <param name="IsExternal">Whether it leads to another file.</param>
/// <param name="Order">When it was made, if the group keeps that, else -1.</param>
internal sealed record Hdf5Link(string Name, long Address, string? Target, bool IsExternal, long Order);
