using Pondus.Kernels;

namespace Pondus;

/// <summary>Rows of a table by index, with the gradient added back to them.</summary>
internal sealed unsafe class EmbeddingOperation : Operation
{
    // No row: its gradient is left out.
    private const int Nowhere = -1;

    private static readonly EmbeddingOperation s_instance = new();

    /// <summary>Takes rows by indices that a tensor holds as whole numbers.</summary>
    public static Tensor Apply(Parameter table, Tensor indices, int? padding, object who)
    {
        Node x = indices.Use();
        int rows = table.Shape[0];
        int* kept = (int*)Tape.Scratch(x.Count, out float[] home);
        for (int i = 0; i < x.Count; i++)
        {
            float value = x.Data[i];
            int index = (int)value;
            if (index != value || (uint)index >= (uint)rows)
            {
                throw new ShapeException($"{who}: expected whole numbers in [0, {rows}), got {value} at place {i} of {x.Shape}.");
            }

            kept[i] = index;
        }

        GC.KeepAlive(x);
        return Take(table, kept, home, x.Shape, padding, Tape.Current is { Traces: true } ? x : null);
    }

    /// <summary>Takes rows by indices.</summary>
    public static Tensor Apply(Parameter table, ReadOnlySpan<int> indices, in Shape shape, int? padding, object who)
    {
        if (indices.Length != shape.Count)
        {
            throw new ShapeException($"{who}: expected {shape.Count} indices for shape {shape}, got {indices.Length}.");
        }

        int rows = table.Shape[0];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)rows)
            {
                throw new ShapeException($"{who}: expected whole numbers in [0, {rows}), got {indices[i]} at place {i} of {shape}.");
            }
        }

        int* kept = (int*)Tape.Scratch(indices.Length, out float[] home);
        indices.CopyTo(new Span<int>(kept, indices.Length));
        return Take(table, kept, home, shape, padding);
    }

    public override string Describe(GraphSketch sketch, Node result) => sketch.Emit("Gather", [sketch.Of(result.A!), result.B is { } indices ? sketch.Tokens(indices) : Fixed(sketch, result)]);

    public override void Backward(Tape tape, Node y)
    {
        Node w = y.A!;
        int rows = y.State.I0, padding = y.State.I1;
        int* indices = y.State.Integers;
        float* d = tape.GradientOf(w, out bool add);
        if (!add)
        {
            new Span<float>(d, w.Count).Clear();
        }

        for (int i = 0; padding >= 0 && i < rows; i++)
        {
            indices[i] = indices[i] == padding ? Nowhere : indices[i];
        }

        Gather.AddRows(y.Gradient, w.Shape[1], indices, rows, d);
        GC.KeepAlive(w);
    }

    private static string Fixed(GraphSketch sketch, Node result)
    {
        long[] indices = Array.ConvertAll(new ReadOnlySpan<int>(result.State.Integers, result.State.I0).ToArray(), static i => (long)i);
        return sketch.Reshape(sketch.Integers(indices), new Shape(result.Shape.AsSpan()[..(result.Shape.Rank - 1)]));
    }

    private static Tensor Take(Parameter table, int* indices, float[] home, in Shape shape, int? padding, Node? source = null)
    {
        Node w = table.Node;
        Span<int> sizes = stackalloc int[shape.Rank + 1];
        shape.AsSpan().CopyTo(sizes);
        sizes[^1] = w.Shape[1];
        Node y = Tape.Result(new Shape(sizes), s_instance, w, source);
        y.State.Integers = indices;
        y.State.I0 = shape.Count;
        y.State.I1 = padding ?? Nowhere;
        Gather.Rows(w.Data, w.Shape[1], indices, shape.Count, y.Data);
        GC.KeepAlive(home);
        GC.KeepAlive(w);
        return new Tensor(y);
    }
}
