using Pondus.Kernels;

namespace Pondus;

/// <summary>y = f(x W + b) + addend in one node: the linear maps of a transformer with what stands behind them.</summary>
/// <remarks>
/// Memory: with a function f its argument is kept beside y, and its gradient takes the place of dy. An addend is where the product's sums start,
/// and its gradient takes over the buffer of dy: neither costs a pass over memory. The function is ReLU or a GELU.
/// </remarks>
internal sealed unsafe class ProjectionOperation : Operation
{
    private const int NoFunction = -1;

    private static readonly ProjectionOperation s_instance = new();

    /// <summary>Computes the map; the caller has checked the last axis of x, and the shape of the addend.</summary>
    public static Tensor Apply(Tensor input, LinearWeights weights, UnaryKind? function = null, Tensor? addend = null)
    {
        Node x = input.Use(), w = weights.Weight.Node;
        Node? e = addend is { } added ? added.Use() : null, b = weights.Bias?.Node;
        int outputs = weights.Outputs, inputs = weights.Inputs, rows = x.Shape.Product(0, x.Shape.Rank - 1);
        bool isAdded = false;

        // Either of the two parameters makes the result one of the tape; both come back by State.
        Node y = Tape.Result(x.Shape.With(x.Shape.Rank - 1, outputs), s_instance, x, w.NeedsGradient || b is null ? w : b, e);
        y.State.Object = weights;
        y.State.I0 = function is { } kind ? (int)kind : NoFunction;
        y.State.I1 = rows;
        float* product = y.Data, bias = b is null ? null : b.Data;
        float[]? home = null;
        if (function is not null && y.NeedsGradient)
        {
            product = Tape.Scratch(rows * outputs, out home);
            y.State.Saved = product;
        }

        int ldb = weights.InputsFirst ? outputs : inputs;
        bool isDone = false;
        if (Tape.Current is { Recording: true })
        {
            if (function is { } fused && ProjectionForward.Applies(rows, outputs))
            {
                new ProjectionForward { X = x.Data, Bias = bias, Argument = product, Y = y.Data, Function = fused, Rows = rows, Inputs = inputs, Outputs = outputs }.Run(w.Data, weights.InputsFirst);
                isDone = true;
            }
            else if (e is not null && function is null)
            {
                Gemm.MultiplyOnto(rows, outputs, inputs, x.Data, inputs, w.Data, ldb, !weights.InputsFirst, e.Data, product, outputs);
                LinearKernels.BiasActivation(product, bias, rows, outputs, relu: false);
                isAdded = true;
            }
            else
            {
                Gemm.Multiply(rows, outputs, inputs, x.Data, inputs, false, w.Data, ldb, !weights.InputsFirst, product, outputs, accumulate: false, bias);
            }
        }
        else if (Tape.Current is not null)
        {
            PackedWeight packed = weights.Packed;
            Gemm.MultiplyPacked(rows, outputs, inputs, x.Data, inputs, packed.Data, product, outputs, bias, Activation.None);
            GC.KeepAlive(packed);
        }
        else
        {
            Gemm.Multiply(rows, outputs, inputs, x.Data, inputs, false, w.Data, ldb, !weights.InputsFirst, product, outputs, accumulate: false, bias);
        }

        if (function is { } f && !isDone)
        {
            Unary.Forward(f, product, y.Data, y.Count, 0f);
        }

        if (e is not null && !isAdded)
        {
            Kernels.Arithmetic.AddTo(e.Data, y.Data, y.Count);
        }

        GC.KeepAlive(home);
        GC.KeepAlive(x);
        GC.KeepAlive(weights);
        GC.KeepAlive(e);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        string y = ((LinearWeights)result.State.Object!).Describe(sketch, sketch.Of(result.A!));
        y = result.State.I0 == NoFunction ? y : UnaryOperation.Describe(sketch, (UnaryKind)result.State.I0, y);
        return result.C is { } addend ? sketch.Emit("Add", [y, sketch.Of(addend)]) : y;
    }

    public override void Backward(Tape tape, Node y)
    {
        LinearWeights weights = (LinearWeights)y.State.Object!;
        Node x = y.A!;
        Node? e = y.C, b = weights.Bias?.Node;
        int rows = y.State.I1, outputs = weights.Outputs, inputs = weights.Inputs;
        UnaryKind? function = y.State.I0 == NoFunction ? null : (UnaryKind)y.State.I0;
        if (function is not null && e is { NeedsGradient: true })
        {
            tape.AddGradient(e, y.Gradient);
        }

        if (ProjectionBackward.Applies(rows, inputs, outputs))
        {
            InStretches(tape, y, weights, function);
        }
        else
        {
            Whole(tape, y, weights, function);
        }

        tape.AddColumns(b, y.Gradient, rows);
        if (function is null && e is { NeedsGradient: true })
        {
            tape.HandOn(y, e);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weights);
    }

    private static void InStretches(Tape tape, Node y, LinearWeights weights, UnaryKind? function)
    {
        Node x = y.A!, w = weights.Weight.Node;
        int partials = ProjectionBackward.Groups * w.Count;
        bool addWeight = false, addInput = false;
        float* dw = w.NeedsGradient ? tape.GradientOf(w, out addWeight) : null, dx = x.NeedsGradient ? tape.GradientOf(x, out addInput) : null;
        ProjectionBackward job = new()
        {
            Function = function,
            Argument = y.State.Saved,
            Dy = y.Gradient,
            X = x.Data,
            Weight = w.Data,
            InputsFirst = weights.InputsFirst,
            Dx = dx,
            Add = addInput,
            Partials = dw == null ? null : tape.Rent(partials),
            Rows = y.State.I1,
            Inputs = weights.Inputs,
            Outputs = weights.Outputs,
        };
        job.Run(dw, addWeight);
        if (dw != null)
        {
            tape.Return(job.Partials, partials);
        }
    }

    private static void Whole(Tape tape, Node y, LinearWeights weights, UnaryKind? function)
    {
        Node x = y.A!, w = weights.Weight.Node;
        int rows = y.State.I1, outputs = weights.Outputs, inputs = weights.Inputs;
        float* dy = y.Gradient;
        if (function is { } kind)
        {
            // In place of the function's value, to which something may have been added: of ReLU both have one sign, GELU reads its argument alone.
            Unary.Backward(kind, y.State.Saved, y.State.Saved, dy, dy, y.Count, false, 0f);
        }

        if (w.NeedsGradient)
        {
            float* dw = tape.GradientOf(w, out bool add);
            if (weights.InputsFirst)
            {
                Gemm.Multiply(inputs, outputs, rows, x.Data, inputs, true, dy, outputs, false, dw, outputs, add);
            }
            else
            {
                Gemm.Multiply(outputs, inputs, rows, dy, outputs, true, x.Data, inputs, false, dw, inputs, add);
            }
        }

        if (x.NeedsGradient)
        {
            float* dx = tape.GradientOf(x, out bool add);
            Gemm.Multiply(rows, inputs, outputs, dy, outputs, false, w.Data, weights.InputsFirst ? outputs : inputs, weights.InputsFirst, dx, inputs, add);
        }
    }
}
