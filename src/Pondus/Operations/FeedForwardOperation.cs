using Pondus.Kernels;

namespace Pondus;

/// <summary>y = f(x W1 + b1) W2 + b2 + addend in one node, for many rows: the second half of a transformer's block.</summary>
/// <remarks>Memory: the function's argument is kept beside y; the addend's gradient takes over the buffer of dy.</remarks>
internal sealed unsafe class FeedForwardOperation : Operation
{
    private static readonly FeedForwardOperation s_instance = new();

    /// <summary>Whether so many rows are worth one node, and something records it.</summary>
    public static bool Applies(Tensor input, FeedForwardWeights weights)
    {
        Shape shape = input.Shape;
        return Tape.Current is { Recording: true } && FeedForward.Applies(shape.Product(0, shape.Rank - 1), weights.First.Inputs, weights.First.Outputs, weights.Second.Outputs);
    }

    /// <summary>Computes the maps; the caller has checked the last axis of x, and the shape of the addend.</summary>
    public static Tensor Apply(Tensor input, FeedForwardWeights weights, Tensor addend)
    {
        LinearWeights first = weights.First, second = weights.Second;
        Node x = input.Use(), e = addend.Use(), w1 = first.Weight.Node, w2 = second.Weight.Node;
        Node? b1 = first.Bias?.Node, b2 = second.Bias?.Node;
        Node parameter = w1.NeedsGradient ? w1 : w2.NeedsGradient ? w2 : b1 is { NeedsGradient: true } ? b1 : b2 ?? w2;
        FeedForward job = Job(x, weights);
        Node y = Tape.Result(x.Shape.With(x.Shape.Rank - 1, job.Outputs), s_instance, x, parameter, e);
        Tape tape = Tape.Current!;
        y.State.Object = weights;
        y.State.Saved = job.Argument = Tape.Scratch(job.Rows * job.Inner, out _);
        job.Target = y.Data;
        job.Side = e.Data;
        job.FirstBias = b1 is null ? null : b1.Data;
        job.SecondBias = b2 is null ? null : b2.Data;
        int firstCount = Gemm.PackedCount(job.Inner, job.Inputs), secondCount = Gemm.PackedCount(job.Outputs, job.Inner);
        job.First = tape.Rent(firstCount + secondCount);
        job.Second = job.First + firstCount;
        PackKernel.Pack(w1.Data, job.Inputs, job.Inner, first.InputsFirst, backward: false, job.First);
        PackKernel.Pack(w2.Data, job.Inner, job.Outputs, second.InputsFirst, backward: false, job.Second);
        job.Run();
        tape.Return(job.First, firstCount + secondCount);
        GC.KeepAlive(x);
        GC.KeepAlive(e);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        FeedForwardWeights weights = (FeedForwardWeights)result.State.Object!;
        string inner = UnaryOperation.Describe(sketch, weights.Function, weights.First.Describe(sketch, sketch.Of(result.A!)));
        return sketch.Emit("Add", [weights.Second.Describe(sketch, inner), sketch.Of(result.C!)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        FeedForwardWeights weights = (FeedForwardWeights)y.State.Object!;
        LinearWeights first = weights.First, second = weights.Second;
        Node x = y.A!, w1 = first.Weight.Node, w2 = second.Weight.Node;
        FeedForward job = Job(x, weights);
        bool addInput = false;
        job.IsBackward = true;
        job.Argument = y.State.Saved;
        job.Side = y.Gradient;
        job.Target = x.NeedsGradient ? tape.GradientOf(x, out addInput) : null;
        job.Add = addInput;
        job.FirstInputsFirst = first.InputsFirst;
        job.SecondInputsFirst = second.InputsFirst;
        int firstCount = Gemm.PackedCount(job.Inputs, job.Inner), secondCount = Gemm.PackedCount(job.Inner, job.Outputs);
        job.First = tape.Rent(firstCount + secondCount);
        job.Second = job.First + firstCount;
        PackKernel.Pack(w1.Data, job.Inputs, job.Inner, first.InputsFirst, backward: true, job.First);
        PackKernel.Pack(w2.Data, job.Inner, job.Outputs, second.InputsFirst, backward: true, job.Second);
        job.FirstPartials = Partials(tape, w1);
        job.SecondPartials = Partials(tape, w2);
        job.FirstBias = Partials(tape, first.Bias?.Node);
        job.SecondBias = Partials(tape, second.Bias?.Node);
        job.Run();
        AddUp(tape, first, job.FirstPartials, job.FirstBias);
        AddUp(tape, second, job.SecondPartials, job.SecondBias);
        tape.Return(job.First, firstCount + secondCount);
        if (y.C is { NeedsGradient: true } e)
        {
            tape.HandOn(y, e);
        }
        GC.KeepAlive(x);
    }

    private static FeedForward Job(Node x, FeedForwardWeights weights) => new()
    {
        X = x.Data,
        Function = weights.Function,
        Rows = x.Shape.Product(0, x.Shape.Rank - 1),
        Inputs = weights.First.Inputs,
        Inner = weights.First.Outputs,
        Outputs = weights.Second.Outputs,
    };

    private static float* Partials(Tape tape, Node? parameter) => parameter is { NeedsGradient: true } ? tape.Rent(FeedForward.Groups * parameter.Count) : null;

    private static void AddUp(Tape tape, LinearWeights weights, float* partials, float* biasPartials)
    {
        if (partials != null)
        {
            float* dw = tape.GradientOf(weights.Weight.Node, out bool add);
            ProjectionBackward.AddUp(partials, weights.Inputs, weights.Outputs, weights.InputsFirst, dw, add);
            tape.Return(partials, FeedForward.Groups * weights.Weight.Node.Count);
        }

        if (biasPartials != null)
        {
            float* db = tape.GradientOf(weights.Bias!.Node, out bool add);
            ProjectionBackward.AddUp(biasPartials, weights.Outputs, db, add);
            tape.Return(biasPartials, FeedForward.Groups * weights.Outputs);
        }
    }
}
