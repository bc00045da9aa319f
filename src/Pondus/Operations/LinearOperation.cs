using Pondus.Kernels;

namespace Pondus;

/// <summary>y = activation(x Wᵀ + b) in one node: the forward pass of a linear layer, with its ReLU if one follows.</summary>
internal sealed unsafe class LinearOperation : Operation
{
    private static readonly LinearOperation s_instance = new();

    /// <summary>Computes the layer; the caller has checked the last axis of x.</summary>
    public static Tensor Apply(Tensor input, Parameter weight, Parameter? bias, bool relu)
    {
        Node x = input.Use(), w = weight.Node;
        Node? b = bias?.Node;
        int outputs = w.Shape[0], inputs = w.Shape[1], rows = RowCount(x.Shape);
        Node y = Tape.Result(x.Shape.With(x.Shape.Rank - 1, outputs), s_instance, x, w, b);
        y.State.I0 = relu ? 1 : 0;
        y.State.I1 = rows;
        Gemm.Multiply(rows, outputs, inputs, x.Data, inputs, false, w.Data, inputs, true, y.Data, outputs, accumulate: false, b is null ? null : b.Data, relu ? Activation.Relu : Activation.None);
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    /// <summary>Computes the layer from weights that were packed once; never recorded.</summary>
    public static Tensor ApplyPacked(Tensor input, PackedWeight packed, Parameter? bias, bool relu)
    {
        Node x = input.Use();
        int rows = RowCount(x.Shape);
        Node y = Tape.Result(x.Shape.With(x.Shape.Rank - 1, packed.Outputs), s_instance, x);
        Gemm.MultiplyPacked(rows, packed.Outputs, packed.Inputs, x.Data, packed.Inputs, packed.Data, y.Data, packed.Outputs, bias is null ? null : bias.Node.Data, relu ? Activation.Relu : Activation.None);
        GC.KeepAlive(x);
        GC.KeepAlive(packed);
        GC.KeepAlive(bias);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        string y = sketch.Emit("MatMul", [sketch.Of(result.A!), sketch.Emit("Transpose", sketch.Of(result.B!))]);
        y = result.C is { } bias ? sketch.Emit("Add", [y, sketch.Of(bias)]) : y;
        return result.State.I0 != 0 ? sketch.Emit("Relu", y) : y;
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!, w = y.B!;
        Node? b = y.C;
        int rows = y.State.I1, outputs = w.Shape[0], inputs = w.Shape[1];
        float* dy = y.Gradient;

        // The buffer of dy is this node's own and is given back after this call, so ReLU may mask it in place.
        bool wantsBias = b is not null && b.NeedsGradient, addBias = false;
        float* db = wantsBias ? tape.GradientOf(b!, out addBias) : null;
        if (y.State.I0 != 0 || wantsBias)
        {
            LinearKernels.MaskAndSumColumns(dy, y.State.I0 != 0 ? y.Data : null, rows, outputs, db, addBias);
        }

        if (w.NeedsGradient)
        {
            float* dw = tape.GradientOf(w, out bool add);
            Gemm.Multiply(outputs, inputs, rows, dy, outputs, true, x.Data, inputs, false, dw, inputs, add);
        }

        if (x.NeedsGradient)
        {
            float* dx = tape.GradientOf(x, out bool add);
            Gemm.Multiply(rows, inputs, outputs, dy, outputs, false, w.Data, inputs, false, dx, inputs, add);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
    }

    private static int RowCount(in Shape shape) => shape.Product(0, shape.Rank - 1);
}
