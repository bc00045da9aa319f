using Pondus.Kernels;

namespace Pondus;

public readonly unsafe partial struct Tensor
{
    /// <summary>Exchanges the last two axes.</summary>
    /// <returns>A copy in the new order.</returns>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public Tensor Transpose() => Rank >= 2
        ? Transpose(Rank - 2, Rank - 1)
        : throw new ShapeException($"Transpose: expected at least two axes, got shape {Shape}.");

    /// <summary>Exchanges two axes.</summary>
    /// <param name="first">One axis, negative from the back.</param>
    /// <param name="second">Another.</param>
    /// <returns>A copy in the new order.</returns>
    public Tensor Transpose(int first, int second)
    {
        Shape shape = Shape;
        first = Axes.Check(first, shape, "Transpose");
        second = Axes.Check(second, shape, "Transpose");
        Span<int> order = stackalloc int[Shape.MaxRank];
        for (int i = 0; i < shape.Rank; i++)
        {
            order[i] = i == first ? second : i == second ? first : i;
        }

        return Permute(order[..shape.Rank]);
    }

    /// <summary>Puts the axes in another order.</summary>
    /// <param name="axes">For each axis of the result, the axis of this tensor; each once.</param>
    /// <returns>A copy in the new order.</returns>
    /// <exception cref="ShapeException"><paramref name="axes"/> is not an order of all axes.</exception>
    public Tensor Permute(params ReadOnlySpan<int> axes) => PermuteOperation.Apply(this, axes);
}

/// <summary>Axes in another order.</summary>
internal sealed unsafe class PermuteOperation : Operation
{
    private static readonly PermuteOperation s_instance = new();

    public static Tensor Apply(Tensor x, ReadOnlySpan<int> axes)
    {
        Node a = x.Use();
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        Span<nint> strides = stackalloc nint[Shape.MaxRank];
        int seen = 0;
        foreach (int axis in axes)
        {
            seen |= (uint)axis < (uint)a.Shape.Rank ? 1 << axis : 0;
        }

        if (axes.Length != a.Shape.Rank || seen != (1 << a.Shape.Rank) - 1)
        {
            throw new ShapeException($"Permute: expected each axis of {a.Shape} once, got [{string.Join(", ", axes.ToArray())}].");
        }

        ulong order = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            sizes[i] = a.Shape[axes[i]];
            strides[i] = a.Shape.Product(axes[i] + 1, a.Shape.Rank);
            order |= (ulong)axes[i] << (4 * i);
        }

        Node y = Tape.Result(new Shape(sizes[..axes.Length]), s_instance, a);
        y.State.Key = order;
        Strided.Copy(a.Data, sizes[..axes.Length], strides[..axes.Length], y.Data, add: false);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        ulong order = result.State.Key;
        return sketch.Emit("Transpose", [sketch.Of(result.A!)], [new("perm", Enumerable.Range(0, result.Shape.Rank).Select(i => (long)((order >> (4 * i)) & 15)).ToArray())]);
    }

    public override void Backward(Tape tape, Node y)
    {
        // The value at a place of x is at the place of y whose axes are in the inverse order.
        Node a = y.A!;
        int rank = a.Shape.Rank;
        Span<nint> strides = stackalloc nint[Shape.MaxRank];
        for (int i = 0; i < rank; i++)
        {
            strides[(int)((y.State.Key >> (4 * i)) & 15)] = y.Shape.Product(i + 1, rank);
        }

        float* d = tape.GradientOf(a, out bool add);
        Strided.Copy(y.Gradient, a.Shape.AsSpan(), strides[..rank], d, add);
    }
}
