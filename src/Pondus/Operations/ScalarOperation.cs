using Pondus.Kernels;

namespace Pondus;

/// <summary>y = factor x + term with plain numbers.</summary>
internal sealed unsafe class ScalarOperation : Operation
{
    private static readonly ScalarOperation s_instance = new();

    public static Tensor Apply(Tensor x, float factor, float term)
    {
        Node a = x.UseAny();
        Node y = Tape.Result(a.Shape, s_instance, a);
        y.ChannelsLast = a.ChannelsLast;
        y.State.F0 = factor;
        y.State.F1 = term;
        if (term == 0f)
        {
            Kernels.Arithmetic.Scale(a.Data, factor, y.Data, y.Count);
        }
        else
        {
            Kernels.Arithmetic.Fill(y.Data, term, y.Count);
            Kernels.Arithmetic.AddScaled(a.Data, factor, y.Data, y.Count);
        }

        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        string y = sketch.Of(result.A!);
        y = result.State.F0 == 1f ? y : sketch.Emit("Mul", [y, sketch.Number(result.State.F0)]);
        return result.State.F1 == 0f ? y : sketch.Emit("Add", [y, sketch.Number(result.State.F1)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        float* d = tape.GradientOf(y.A!, out bool add);
        if (add)
        {
            Kernels.Arithmetic.AddScaled(y.Gradient, y.State.F0, d, y.Count);
        }
        else
        {
            Kernels.Arithmetic.Scale(y.Gradient, y.State.F0, d, y.Count);
        }
    }
}
