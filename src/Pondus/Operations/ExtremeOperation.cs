using Pondus.Kernels;

namespace Pondus;

/// <summary>Maximum or minimum along one axis.</summary>
internal sealed unsafe class ExtremeOperation : Operation
{
    private static readonly ExtremeOperation s_largest = new(largest: true), s_smallest = new(largest: false);
    private readonly bool _largest;

    private ExtremeOperation(bool largest) => _largest = largest;

    public static Tensor Apply(Tensor x, int axis, bool keepAxis, bool largest)
    {
        Node a = x.Use();
        string who = largest ? "Max" : "Min";
        axis = Axes.Check(axis, a.Shape, who);
        int size = a.Shape[axis], outer = a.Shape.Product(0, axis), inner = a.Shape.Product(axis + 1, a.Shape.Rank);
        if (size == 0)
        {
            throw new ShapeException($"{who}: expected at least one value along axis {axis}, got shape {a.Shape}.");
        }

        Node y = Tape.Result(keepAxis ? a.Shape.With(axis, 1) : a.Shape.Without(axis), largest ? s_largest : s_smallest, a);
        y.State.I0 = outer;
        y.State.I1 = size;
        y.State.I2 = inner;
        y.State.Integers = (int*)Tape.Scratch(y.Count, out float[] home);
        if (largest)
        {
            Reduction.Max(a.Data, outer, size, inner, y.Data, y.State.Integers);
        }
        else
        {
            Reduction.Min(a.Data, outer, size, inner, y.Data, y.State.Integers);
        }

        GC.KeepAlive(home);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public static int[] ArgMax(Tensor x)
    {
        Node a = x.Use();
        int size = a.Shape.Last;
        if (size == 0 || a.Shape.Rank == 0)
        {
            throw new ShapeException($"ArgMax: expected at least one value along the last axis, got shape {a.Shape}.");
        }

        int rows = a.Count / size;
        int[] result = new int[rows];
        float* values = Tape.Scratch(rows, out float[] home);
        fixed (int* indices = result)
        {
            Reduction.Max(a.Data, rows, size, 1, values, indices);
        }

        GC.KeepAlive(home);
        GC.KeepAlive(a);
        return result;
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        (long axis, bool keeps) = Axes.Reduced(result.A!.Shape, result.Shape, result.State.I0, result.State.I2);
        return sketch.Emit(_largest ? "ReduceMax" : "ReduceMin", [sketch.Of(result.A!), sketch.Integers(axis)], [new("keepdims", keeps ? 1L : 0L)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        float* d = tape.GradientOf(y.A!, out bool add);
        Reduction.ScatterExtreme(y.Gradient, y.State.Integers, y.State.I0, y.State.I1, y.State.I2, d, add);
    }
}
