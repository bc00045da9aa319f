namespace Pondus;

/// <summary>Checks axis numbers.</summary>
internal static class Axes
{
    /// <summary>Turns an axis that may count from the back into one that counts from the front.</summary>
    public static int Check(int axis, in Shape shape, string who)
    {
        int result = axis < 0 ? axis + shape.Rank : axis;
        return (uint)result < (uint)shape.Rank
            ? result
            : throw new ShapeException($"{who}: expected an axis in [{-shape.Rank}, {shape.Rank}), got {axis} for shape {shape}.");
    }
}
