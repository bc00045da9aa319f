namespace Pondus.Formats.PyTorch;

/// <summary>A list, tuple or set.</summary>
internal sealed class PickleSequence(string kind, List<object?> items)
{
    /// <summary>Gets the Python name of the kind.</summary>
    public string Kind { get; } = kind;

    public List<object?> Items { get; } = items;
}
