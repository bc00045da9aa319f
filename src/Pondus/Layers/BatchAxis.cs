namespace Pondus.Layers;

/// <summary>The axis of samples, for layers that also take a sample alone: it is a batch of one.</summary>
internal static class BatchAxis
{
    public static Shape Add(in Shape shape)
    {
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        sizes[0] = 1;
        shape.AsSpan().CopyTo(sizes[1..]);
        return new Shape(sizes[..(shape.Rank + 1)]);
    }

    public static Shape Remove(in Shape shape) => new(shape.AsSpan()[1..]);
}
