using Pondus.Kernels;

namespace Pondus;

/// <summary>Layer norm and root mean square norm over the last axes: y = (x - mean) / sqrt(variance + epsilon) weight + bias.</summary>
internal sealed unsafe class RowNormOperation : Operation
{
    private static readonly RowNormOperation s_instance = new();

    /// <summary>Computes the norm; the caller has checked that the last axes of x hold n values.</summary>
    public static Tensor Apply(Tensor input, int n, Parameter? weight, Parameter? bias, float epsilon, bool center)
    {
        Node x = input.Use();
        Node? w = weight?.Node, b = bias?.Node;
        int rows = n == 0 ? 0 : x.Count / n;
        Node y = Tape.Result(x.Shape, s_instance, x, w, b);
        float* statistics = Tape.Scratch(2 * rows, out float[] home);
        y.State.Saved = statistics;
        y.State.I0 = rows;
        y.State.F0 = epsilon;
        y.State.I1 = n;
        y.State.I2 = center ? 1 : 0;
        RowNorm.Forward(x.Data, w is null ? null : w.Data, b is null ? null : b.Data, y.Data, statistics, rows, n, epsilon, center);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        string x = sketch.Of(result.A!);
        Shape shape = result.Shape;
        int axes = 0, size = 1;
        while (size < result.State.I1)
        {
            size *= shape[^++axes];
        }

        axes = Math.Max(1, axes);
        if (result.State.I2 != 0)
        {
            Shape sides = new(shape.AsSpan()[^axes..]);
            string scale = result.B is { } w ? sketch.Of(w) : sketch.Constant([.. Enumerable.Repeat(1f, sides.Count)], sides.AsSpan());
            string[] inputs = result.C is { } b ? [x, scale, sketch.Of(b)] : [x, scale];
            return sketch.Emit("LayerNormalization", inputs, [new("axis", (long)-axes), new("epsilon", result.State.F0)]);
        }

        string mean = sketch.Emit("ReduceMean", [sketch.Emit("Mul", [x, x]), sketch.Integers([.. Enumerable.Range(1, axes).Select(static i => (long)-i)])]);
        string y = sketch.Emit("Div", [x, sketch.Emit("Sqrt", sketch.Emit("Add", [mean, sketch.Number(result.State.F0)]))]);
        return result.B is { } weight ? sketch.Emit("Mul", [y, sketch.Of(weight)]) : y;
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        Node? w = y.B, b = y.C;
        int rows = y.State.I0, n = y.State.I1, chunks = (int)RowNorm.ChunkCount(rows, n);
        bool add = false;
        float* partials = w is { NeedsGradient: true } || b is { NeedsGradient: true } ? tape.Rent(2 * chunks * n) : null, dx = x.NeedsGradient ? tape.GradientOf(x, out add) : null;
        RowNorm.Backward(x.Data, w is null ? null : w.Data, y.State.Saved, y.Gradient, dx, add, partials, rows, n, y.State.I2 != 0);
        tape.AddColumns(w, partials, chunks);
        tape.AddColumns(b, partials + ((nint)chunks * n), chunks);
        if (partials != null)
        {
            tape.Return(partials, 2 * chunks * n);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
    }
}
