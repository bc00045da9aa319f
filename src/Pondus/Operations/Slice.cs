using Pondus.Kernels;

namespace Pondus;

public readonly unsafe partial struct Tensor
{
    /// <summary>Takes a range of an axis.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="start">First index.</param>
    /// <param name="length">Number of indices.</param>
    /// <param name="step">Distance between indices, at least 1.</param>
    /// <returns>A copy of the range.</returns>
    /// <exception cref="ShapeException">The range leaves the axis.</exception>
    public Tensor Slice(int axis, int start, int length, int step = 1) => SliceOperation.Apply(this, axis, start, length, step);

    /// <summary>Takes a range of an axis.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="range">The range, such as <c>1..^1</c>.</param>
    /// <returns>A copy of the range.</returns>
    public Tensor Slice(int axis, Range range)
    {
        int checkedAxis = Axes.Check(axis, Shape, "Slice");
        (int start, int length) = range.GetOffsetAndLength(Shape[checkedAxis]);
        return Slice(checkedAxis, start, length);
    }
}

/// <summary>A range of one axis.</summary>
internal sealed unsafe class SliceOperation : Operation
{
    private static readonly SliceOperation s_instance = new();

    public static Tensor Apply(Tensor x, int axis, int start, int length, int step)
    {
        Node a = x.Use();
        axis = Axes.Check(axis, a.Shape, "Slice");
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        long end = length == 0 ? start : start + ((long)(length - 1) * step) + 1;
        if (start < 0 || length < 0 || end > a.Shape[axis])
        {
            throw new ShapeException($"Slice: expected a range within the {a.Shape[axis]} places of axis {axis} of {a.Shape}, got start {start}, length {length}, step {step}.");
        }

        Node y = Tape.Result(a.Shape.With(axis, length), s_instance, a);
        y.State.I0 = axis;
        y.State.I1 = start;
        y.State.I2 = step;
        Span<nint> strides = stackalloc nint[Shape.MaxRank];
        nint offset = Strides(a.Shape, axis, start, step, strides);
        Strided.Copy(a.Data + offset, y.Shape.AsSpan(), strides[..a.Shape.Rank], y.Data, add: false);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        int axis = result.State.I0, start = result.State.I1, step = result.State.I2, length = result.Shape[axis];
        return sketch.Emit("Slice", [sketch.Of(result.A!), sketch.Integers(start), sketch.Integers(start + ((long)(length - 1) * step) + 1), sketch.Integers(axis), sketch.Integers(step)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!;
        float* d = tape.GradientOf(a, out bool add);
        if (!add)
        {
            new Span<float>(d, a.Count).Clear();
        }

        Span<nint> strides = stackalloc nint[Shape.MaxRank];
        nint offset = Strides(a.Shape, y.State.I0, y.State.I1, y.State.I2, strides);
        Strided.Scatter(y.Gradient, y.Shape.AsSpan(), strides[..a.Shape.Rank], d + offset, add: true);
    }

    private static nint Strides(in Shape shape, int axis, int start, int step, Span<nint> strides)
    {
        for (int i = 0; i < shape.Rank; i++)
        {
            strides[i] = shape.Product(i + 1, shape.Rank);
        }

        nint offset = start * strides[axis];
        strides[axis] *= step;
        return offset;
    }
}
