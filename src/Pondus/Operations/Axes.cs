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

    /// <summary>Finds the axis that a reduction took, from the numbers of places before and behind it, and whether it was kept as one of size 1.</summary>
    public static (long Axis, bool IsKept) Reduced(in Shape input, in Shape result, int outer, int inner)
    {
        int axis = 0;
        while (input.Product(0, axis) != outer || input.Product(axis + 1, input.Rank) != inner)
        {
            axis++;
        }

        return (axis, input.Rank == result.Rank);
    }
}
