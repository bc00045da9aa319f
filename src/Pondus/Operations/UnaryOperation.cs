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

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!;
        float* d = tape.GradientOf(a, out bool add);
        Unary.Backward(_kind, a.Data, y.Data, y.Gradient, d, y.Count, add, y.State.F0);
        GC.KeepAlive(a);
    }
}
