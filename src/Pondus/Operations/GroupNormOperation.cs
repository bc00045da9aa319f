using Pondus.Kernels;

namespace Pondus;

/// <summary>Group norm, with the SiLU that often follows it: each sample's groups of channels are brought to mean 0 and variance 1.</summary>
internal sealed unsafe class GroupNormOperation : Operation
{
    private static readonly GroupNormOperation s_instance = new();

    /// <summary>Computes the norm of x (N, C, ...); the caller has checked the channels.</summary>
    public static Tensor Apply(Tensor input, int groups, Parameter? weight, Parameter? bias, float epsilon, bool silu)
    {
        bool places = input.Rank > 2;
        Node x = places ? input.UseChannelsLast() : input.Use();
        Node? w = weight?.Node, b = bias?.Node;
        Node y = Tape.Result(x.Shape, s_instance, x, w, b);
        y.ChannelsLast = places;
        float* statistics = Tape.Scratch(2 * x.Shape[0] * groups, out float[] home);
        y.State.Saved = statistics;
        y.State.I0 = groups;
        y.State.F0 = epsilon;
        y.State.I1 = silu ? 1 : 0;
        if (y.Count > 0)
        {
            GroupNormKernels.Forward(x.Data, w is null ? null : w.Data, b is null ? null : b.Data, y.Data, statistics, Sizes(x.Shape, groups), epsilon, silu);
        }

        GC.KeepAlive(home);
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        // As one row for each group, which every version of ONNX can normalize.
        Shape shape = result.Shape;
        int groups = result.State.I0, channels = shape[1];
        string x = sketch.Reshape(sketch.Of(result.A!), [shape[0], groups, shape.Product(1, shape.Rank) / groups]);
        string y = sketch.Emit("InstanceNormalization", [x, sketch.Constant([.. Enumerable.Repeat(1f, groups)], [groups]), sketch.Constant(new float[groups], [groups])], [new("epsilon", result.State.F0)]);
        y = sketch.Reshape(y, shape);
        Shape side = new([channels, .. Enumerable.Repeat(1, shape.Rank - 2)]);
        y = result.B is { } weight ? sketch.Emit("Mul", [y, sketch.Reshape(sketch.Of(weight), side)]) : y;
        y = result.C is { } bias ? sketch.Emit("Add", [y, sketch.Reshape(sketch.Of(bias), side)]) : y;
        return result.State.I1 != 0 ? UnaryOperation.Describe(sketch, UnaryKind.Silu, y) : y;
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        Node? w = y.B, b = y.C;
        GroupSizes sizes = Sizes(x.Shape, y.State.I0);
        int channels = (int)sizes.Channels, batch = x.Count == 0 ? 0 : (int)sizes.Batch;
        bool add = false;
        float* partials = w is { NeedsGradient: true } || b is { NeedsGradient: true } ? tape.Rent(2 * batch * channels) : null, dx = x.NeedsGradient ? tape.GradientOf(x, out add) : null;
        if (batch > 0)
        {
            GroupNormKernels.Backward(x.Data, w is null ? null : w.Data, b is null ? null : b.Data, y.State.Saved, y.Gradient, dx, add, partials, sizes, y.State.I1 != 0);
        }

        tape.AddColumns(w, partials, batch);
        tape.AddColumns(b, partials + ((nint)batch * channels), batch);
        if (partials != null)
        {
            tape.Return(partials, 2 * batch * channels);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
    }

    private static GroupSizes Sizes(in Shape shape, int groups) => new(shape[0], shape.Product(2, shape.Rank), shape[1], groups);
}
