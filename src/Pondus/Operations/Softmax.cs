using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Turns values into shares that add up to 1: y = e^x / sum of e^x along an axis.</summary>
    /// <remarks>The largest value is subtracted first, so nothing overflows. Shape: any, unchanged. Gradient: y (dy - sum(dy y)). Source: Bridle 1990.</remarks>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <returns>The shares.</returns>
    public Tensor Softmax(int axis = -1) => SoftmaxOperation.Apply(this, axis, logarithm: false);

    /// <summary>The logarithm of <see cref="Softmax"/>, exact where the softmax itself would round to 0.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy - e^y sum(dy).</remarks>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <returns>The logarithms, at most 0, in nats.</returns>
    public Tensor LogSoftmax(int axis = -1) => SoftmaxOperation.Apply(this, axis, logarithm: true);
}

/// <summary>Softmax and log-softmax along the last axis.</summary>
internal sealed unsafe class SoftmaxOperation : Operation
{
    private static readonly SoftmaxOperation s_instance = new();

    public static Tensor Apply(Tensor x, int axis, bool logarithm)
    {
        axis = Axes.Check(axis, x.Shape, logarithm ? "LogSoftmax" : "Softmax");
        int last = x.Rank - 1;
        if (axis != last)
        {
            // Any other axis changes places with the last one and back.
            return Apply(x.Transpose(axis, last), last, logarithm).Transpose(axis, last);
        }

        Node a = x.Use();
        Node y = Tape.Result(a.Shape, s_instance, a);
        y.State.I0 = logarithm ? 1 : 0;
        Kernels.Softmax.Forward(a.Data, y.Data, a.Shape.Product(0, last), a.Shape.Last, logarithm);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result) =>
        sketch.Emit(result.State.I0 != 0 ? "LogSoftmax" : "Softmax", [sketch.Of(result.A!)], [new("axis", -1L)]);

    public override void Backward(Tape tape, Node y)
    {
        float* d = tape.GradientOf(y.A!, out bool add);
        Kernels.Softmax.Backward(y.Data, y.Gradient, d, y.Shape.Product(0, y.Shape.Rank - 1), y.Shape.Last, y.State.I0 != 0, add);
    }
}
