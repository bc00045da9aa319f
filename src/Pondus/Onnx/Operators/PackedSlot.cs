namespace Pondus.Onnx.Operators;

/// <summary>A weight laid out for a kernel, kept with a node and read by many threads; of no use once the weight has changed.</summary>
/// <remarks>A node may get other weights at other times: behind an If, or in a loop.</remarks>
internal sealed class PackedSlot<T>
    where T : class
{
    private Entry? _entry;

    /// <summary>Gives what is kept for a weight as it is now, or null.</summary>
    public T? Find(Parameter weight) => Volatile.Read(ref _entry) is { } entry && ReferenceEquals(entry.Weight, weight) && entry.Version == weight.Node.Version ? entry.Packed : null;

    /// <summary>Keeps a weight's layout in place of what was kept.</summary>
    public T Keep(Parameter weight, int version, T packed)
    {
        Volatile.Write(ref _entry, new Entry(weight, version, packed));
        return packed;
    }

    private sealed record Entry(Parameter Weight, int Version, T Packed);
}
