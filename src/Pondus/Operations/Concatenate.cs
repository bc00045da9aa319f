using System.Buffers;
using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Joins tensors along an axis.</summary>
    /// <remarks>Shape: equal but for that axis, whose sizes add up. Gradient: each tensor gets its part of dy.</remarks>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="parts">At least one tensor.</param>
    /// <returns>The joined tensor.</returns>
    /// <exception cref="ShapeException">Another axis differs.</exception>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> parts) => ConcatenateOperation.Apply(axis, parts);

    /// <summary>Puts tensors of one shape beside each other along a new axis.</summary>
    /// <param name="axis">Place of the new axis in the result.</param>
    /// <param name="parts">At least one tensor.</param>
    /// <returns>The stacked tensor.</returns>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.Length == 0)
        {
            throw new ShapeException("Stack: expected at least one tensor, got none.");
        }

        int rank = parts[0].Rank + 1;
        axis = axis < 0 ? axis + rank : axis;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)axis, (uint)rank, nameof(axis));
        Tensor[] widened = ArrayPool<Tensor>.Shared.Rent(parts.Length);
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        for (int i = 0; i < parts.Length; i++)
        {
            Shape shape = parts[i].Shape;
            shape.AsSpan()[..axis].CopyTo(sizes);
            sizes[axis] = 1;
            shape.AsSpan()[axis..].CopyTo(sizes[(axis + 1)..]);
            widened[i] = parts[i].Reshape(new Shape(sizes[..(shape.Rank + 1)]));
        }

        Tensor stacked = Concatenate(axis, widened.AsSpan(0, parts.Length));
        ArrayPool<Tensor>.Shared.Return(widened, clearArray: true);
        return stacked;
    }
}

/// <summary>Tensors joined along an axis.</summary>
internal sealed unsafe class ConcatenateOperation : Operation
{
    private static readonly ConcatenateOperation s_instance = new();

    public static Tensor Apply(int axis, ReadOnlySpan<Tensor> parts)
    {
        if (parts.Length == 0)
        {
            throw new ShapeException("Concatenate: expected at least one tensor, got none.");
        }

        Node first = parts[0].UseAny();
        axis = Axes.Check(axis, first.Shape, "Concatenate");
        bool channelsLast = axis == 1 && first.ChannelsLast;
        int total = 0;
        Node wanting = first = channelsLast ? first : parts[0].Use();
        foreach (Tensor tensor in parts)
        {
            Node part = In(channelsLast && tensor.Rank == first.Shape.Rank, tensor);
            if (part.Shape.Rank != first.Shape.Rank || part.Shape.With(axis, 0) != first.Shape.With(axis, 0))
            {
                throw new ShapeException($"Concatenate: expected shapes equal but for axis {axis}, got {first.Shape} and {part.Shape}.");
            }

            total += part.Shape[axis];
            wanting = part.NeedsGradient ? part : wanting;
        }

        Node y = Tape.Result(first.Shape.With(axis, total), s_instance, wanting);
        Node[]? inputs = y.NeedsGradient ? y.MakeInputs(parts.Length) : null;
        y.ChannelsLast = channelsLast;
        y.State.I0 = axis = channelsLast ? y.Shape.Rank - 1 : axis;
        Shape memory = y.MemoryShape;
        int outer = memory.Product(0, axis), width = memory.Product(axis, memory.Rank), at = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            Node part = In(channelsLast, parts[i]);
            if (inputs is not null)
            {
                inputs[i] = part;
            }

            int partWidth = part.MemoryShape.Product(axis, memory.Rank);
            Strided.Scatter(part.Data, [outer, partWidth], [width, 1], y.Data + at, add: false);
            at += partWidth;
            GC.KeepAlive(part);
        }

        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        // The axis is kept as it lies in memory.
        long axis = result.ChannelsLast ? 1 : result.State.I0;
        return sketch.Emit("Concat", [.. result.Inputs!.Select(sketch.Of)], [new("axis", axis)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        Shape memory = y.MemoryShape;
        int axis = y.State.I0, outer = memory.Product(0, axis), width = memory.Product(axis, memory.Rank), at = 0;
        foreach (Node part in y.Inputs!)
        {
            int partWidth = part.MemoryShape.Product(axis, memory.Rank);
            if (part.NeedsGradient)
            {
                float* d = tape.GradientOf(part, out bool add);
                Strided.Copy(y.Gradient + at, [outer, partWidth], [width, 1], d, add);
            }

            at += partWidth;
        }
    }

    private static Node In(bool channelsLast, Tensor part) => channelsLast ? part.UseChannelsLast() : part.Use();
}
