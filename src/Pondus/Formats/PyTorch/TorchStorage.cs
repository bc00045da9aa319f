namespace Pondus.Formats.PyTorch;

/// <summary>A storage that a pickle refers to: a run of elements that lies elsewhere in the file.</summary>
/// <param name="Class">Its class, such as <c>torch.FloatStorage</c>.</param>
/// <param name="Key">The name by which the file stores it.</param>
/// <param name="Count">Elements, or bytes of an untyped one.</param>
/// <param name="ViewOffset">Elements by which a view begins behind it, in old files; else 0.</param>
/// <param name="ViewCount">Elements of the view; else the same as Count.</param>
/// <param name="Offset">Offset in the file of the reference.</param>
internal sealed record TorchStorage(string Class, string Key, long Count, long ViewOffset, long ViewCount, long Offset)
{
    public bool IsUntyped => Class.EndsWith("UntypedStorage", StringComparison.Ordinal);
}
