using Pondus.Kernels;

namespace Pondus;

/// <summary>Element-wise functions of one tensor; one instance a kind.</summary>
internal sealed unsafe class UnaryOperation : Operation
{
    private static readonly UnaryOperation[] s_all = [.. Enum.GetValues<UnaryKind>().Select(static kind => new UnaryOperation(kind))];
    private readonly UnaryKind _kind;

    private UnaryOperation(UnaryKind kind) => _kind = kind;

    public static Tensor Apply(UnaryKind kind, Tensor x, float setting = 0f)
    {
        Node a = x.UseAny();
        Node y = Tape.Result(a.Shape, s_all[(int)kind], a);
        y.ChannelsLast = a.ChannelsLast;
        y.State.F0 = setting;
        Unary.Forward(kind, a.Data, y.Data, y.Count, setting);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result) => Describe(sketch, _kind, sketch.Of(result.A!), result.State.F0);

    /// <summary>Says what a function computes, in the operators of ONNX.</summary>
    public static string Describe(GraphSketch sketch, UnaryKind kind, string x, float setting = 0f) => kind switch
    {
        UnaryKind.Negate => sketch.Emit("Neg", x),
        UnaryKind.Absolute => sketch.Emit("Abs", x),
        UnaryKind.Square => sketch.Emit("Mul", [x, x]),
        UnaryKind.SquareRoot => sketch.Emit("Sqrt", x),
        UnaryKind.Exponential => sketch.Emit("Exp", x),
        UnaryKind.Logarithm => sketch.Emit("Log", x),
        UnaryKind.Sine => sketch.Emit("Sin", x),
        UnaryKind.Cosine => sketch.Emit("Cos", x),
        UnaryKind.Step => sketch.Emit("Cast", [sketch.Emit("Greater", [x, sketch.Number(0f)])], [new("to", 1L)]),
        UnaryKind.LeakyRelu => sketch.Emit("LeakyRelu", [x], [new("alpha", setting)]),
        UnaryKind.Elu => sketch.Emit("Elu", [x], [new("alpha", setting)]),
        UnaryKind.Gelu => sketch.Emit("Gelu", x),
        UnaryKind.GeluTanh => sketch.Emit("Gelu", [x], [new("approximate", "tanh")]),
        UnaryKind.Silu => sketch.Emit("Mul", [x, sketch.Emit("Sigmoid", x)]),
        UnaryKind.Hardsigmoid => sketch.Emit("HardSigmoid", [x], [new("alpha", 1f / 6f)]),
        UnaryKind.Hardswish => sketch.Emit("HardSwish", x),
        UnaryKind.Relu6 => sketch.Emit("Clip", [x, sketch.Number(0f), sketch.Number(6f)]),
        UnaryKind.LogSigmoid => sketch.Emit("Neg", sketch.Emit("Softplus", sketch.Emit("Neg", x))),
        UnaryKind.ErrorFunction => sketch.Emit("Erf", x),
        // The rest have the same name in ONNX.
        _ => sketch.Emit(kind.ToString(), x),
    };

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!;
        float* d = tape.GradientOf(a, out bool add);
        Unary.Backward(_kind, a.Data, y.Data, y.Gradient, d, y.Count, add, y.State.F0);
        GC.KeepAlive(a);
    }
}
