namespace Pondus;

/// <summary>How a parameter's values start.</summary>
/// <remarks>
/// <para>Fans: for a shape (out, in) the fan-in is <c>in</c> and the fan-out <c>out</c>; further axes (a kernel's height and width) multiply both.</para>
/// </remarks>
public abstract class Initializer
{
    /// <summary>Writes the starting values.</summary>
    /// <param name="values">Receives them, row-major.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="random">Source of random numbers.</param>
    public abstract void Fill(Span<float> values, Shape shape, RandomSource random);

    /// <summary>Computes the number of inputs and outputs that one weight's neighbors connect.</summary>
    /// <param name="shape">Sizes; one axis counts as fan-in and fan-out alike.</param>
    /// <returns>Fan-in and fan-out, at least 1.</returns>
    public static (int In, int Out) Fans(Shape shape)
    {
        if (shape.Rank < 2)
        {
            int only = Math.Max(1, shape.Count);
            return (only, only);
        }

        int field = shape.Product(2, shape.Rank);
        return (Math.Max(1, shape[1] * field), Math.Max(1, shape[0] * field));
    }
}
