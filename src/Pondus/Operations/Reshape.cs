using Pondus.Kernels;

namespace Pondus;

public readonly unsafe partial struct Tensor
{
    /// <summary>Gives the same values in another shape, without copying.</summary>
    /// <param name="shape">Sizes with the same product.</param>
    /// <returns>A view.</returns>
    /// <exception cref="ShapeException">The counts differ.</exception>
    public Tensor Reshape(Shape shape)
    {
        Node a = Use();
        return shape.Count == a.Count
            ? new Tensor(Tape.View(shape, ReshapeOperation.Instance, a, a.Data))
            : throw new ShapeException($"Reshape: expected {a.Count} values as in {a.Shape}, got shape {shape} with {shape.Count}.");
    }

    /// <summary>Joins the axes from one to the last, without copying.</summary>
    /// <param name="startAxis">First axis to join, negative from the back.</param>
    /// <returns>A view.</returns>
    public Tensor Flatten(int startAxis = 1)
    {
        Shape shape = Shape;
        if (startAxis >= shape.Rank - 1 && startAxis < shape.Rank)
        {
            return this;
        }

        int axis = Axes.Check(startAxis, shape, "Flatten");
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        shape.AsSpan()[..axis].CopyTo(sizes);
        sizes[axis] = shape.Product(axis, shape.Rank);
        return Reshape(new Shape(sizes[..(axis + 1)]));
    }
}

/// <summary>A view of the same values in another shape.</summary>
internal sealed unsafe class ReshapeOperation : Operation
{
    public static readonly ReshapeOperation Instance = new();

    public override string Describe(GraphSketch sketch, Node result) => sketch.Reshape(sketch.Of(result.A!), result.Shape);

    public override void Backward(Tape tape, Node y) => tape.AddGradient(y.A!, y.Gradient);
}
