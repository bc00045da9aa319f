using Pondus.Kernels;

namespace Pondus;

/// <summary>Sum or mean along one axis.</summary>
internal sealed unsafe class ReduceOperation : Operation
{
    private static readonly ReduceOperation s_instance = new();

    public static Tensor Sum(Tensor x, int axis, bool keepAxis, bool mean)
    {
        Node a = x.Use();
        axis = Axes.Check(axis, a.Shape, mean ? "Mean" : "Sum");
        int size = a.Shape[axis], outer = a.Shape.Product(0, axis), inner = a.Shape.Product(axis + 1, a.Shape.Rank);
        Node y = Tape.Result(keepAxis ? a.Shape.With(axis, 1) : a.Shape.Without(axis), s_instance, a);
        y.State.I0 = outer;
        y.State.I1 = size;
        y.State.I2 = inner;
        y.State.F0 = mean ? 1f / size : 1f;
        Reduction.Sum(a.Data, outer, size, inner, y.Data);
        if (mean)
        {
            Kernels.Arithmetic.Scale(y.Data, y.State.F0, y.Data, y.Count);
        }

        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        (long axis, bool keeps) = Axes.Reduced(result.A!.Shape, result.Shape, result.State.I0, result.State.I2);
        SketchAttribute keep = new("keepdims", keeps ? 1L : 0L);
        return result.State.F0 == 1f && result.State.I1 != 1
            ? sketch.Emit("ReduceSum", [sketch.Of(result.A!), sketch.Integers(axis)], [keep])
            : sketch.Emit("ReduceMean", [sketch.Of(result.A!), sketch.Integers(axis)], [keep]);
    }

    public override void Backward(Tape tape, Node y)
    {
        float* d = tape.GradientOf(y.A!, out bool add);
        Reduction.Broadcast(y.Gradient, y.State.I0, y.State.I1, y.State.I2, d, y.State.F0, add);
    }
}
