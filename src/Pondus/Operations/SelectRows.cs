using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Takes rows (slices of the first axis) by index, in any order and repeated at will.</summary>
    /// <remarks>Shape: (n, ...) and k indices to (k, ...). Gradient: rows of dy add up at their indices.</remarks>
    /// <param name="indices">The indices, each in [0, n).</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ShapeException">An index is outside the first axis.</exception>
    public Tensor SelectRows(params ReadOnlySpan<int> indices) => SelectRowsOperation.Apply(this, indices);
}

/// <summary>Rows by index.</summary>
internal sealed unsafe class SelectRowsOperation : Operation
{
    private static readonly SelectRowsOperation s_instance = new();

    public static Tensor Apply(Tensor x, ReadOnlySpan<int> indices)
    {
        Node a = x.Use();
        if (a.Shape.Rank == 0)
        {
            throw new ShapeException("SelectRows: expected at least one axis, got shape ().");
        }

        int rows = a.Shape[0], width = a.Shape.Product(1, a.Shape.Rank);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)rows)
            {
                throw new ShapeException($"SelectRows: expected indices in [0, {rows}), got {indices[i]} at place {i}.");
            }
        }

        Node y = Tape.Result(a.Shape.With(0, indices.Length), s_instance, a);
        int* kept = (int*)Tape.Scratch(indices.Length, out float[] home);
        indices.CopyTo(new Span<int>(kept, indices.Length));
        y.State.Integers = kept;
        y.State.I0 = width;
        Gather.Rows(a.Data, width, kept, indices.Length, y.Data);
        GC.KeepAlive(home);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result) =>
        sketch.Emit("Gather", [sketch.Of(result.A!), sketch.Integers([.. new ReadOnlySpan<int>(result.State.Integers, result.Shape[0]).ToArray().Select(static i => (long)i)])]);

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!;
        float* d = tape.GradientOf(a, out bool add);
        if (!add)
        {
            new Span<float>(d, a.Count).Clear();
        }

        Gather.AddRows(y.Gradient, y.State.I0, y.State.Integers, y.Shape[0], d);
    }
}
