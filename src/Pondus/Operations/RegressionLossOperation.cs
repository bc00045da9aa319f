using Pondus.Kernels;

namespace Pondus;

/// <summary>What an element-wise loss computes for a prediction p and a target t.</summary>
internal enum RegressionLossKind
{
    SquaredError,
    AbsoluteError,
    Huber,
    BinaryCrossEntropyWithLogits,
    BinaryCrossEntropy,
}

/// <summary>The mean of an element-wise loss over all values, in one node.</summary>
internal sealed unsafe class RegressionLossOperation : Operation
{
    private static readonly RegressionLossOperation[] s_all = [.. Enum.GetValues<RegressionLossKind>().Select(static kind => new RegressionLossOperation(kind))];
    private readonly RegressionLossKind _kind;

    private RegressionLossOperation(RegressionLossKind kind) => _kind = kind;

    public static Tensor Apply(RegressionLossKind kind, Tensor prediction, Tensor target, float setting, string who)
    {
        Node p = prediction.Use(), t = target.Use();
        if (p.Shape != t.Shape)
        {
            throw new ShapeException($"{who}: expected prediction and target of one shape, got {p.Shape} and {t.Shape}.{(p.Count == t.Count ? " Reshape one of them." : string.Empty)}");
        }

        Node y = Tape.Result([], s_all[(int)kind], p, t);
        y.State.F0 = setting;
        int n = p.Count;
        double sum = kind switch
        {
            RegressionLossKind.SquaredError => LossKernels.SquaredError(p.Data, t.Data, n),
            RegressionLossKind.AbsoluteError => LossKernels.AbsoluteError(p.Data, t.Data, n),
            RegressionLossKind.Huber => LossKernels.Huber(p.Data, t.Data, n, setting),
            RegressionLossKind.BinaryCrossEntropyWithLogits => LossKernels.BinaryCrossEntropyWithLogits(p.Data, t.Data, n, setting),
            _ => LossKernels.BinaryCrossEntropy(p.Data, t.Data, n),
        };
        y.Data[0] = (float)(sum / n);
        GC.KeepAlive(p);
        GC.KeepAlive(t);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node p = y.A!, t = y.B!;
        if (t.NeedsGradient)
        {
            throw new InvalidOperationException($"{_kind}: the target cannot have a gradient. Call StopGradient() on it, or write the loss with tensor operations.");
        }

        float* d = tape.GradientOf(p, out bool add);
        int n = p.Count;
        float scale = y.Gradient[0] / n;
        switch (_kind)
        {
            case RegressionLossKind.SquaredError:
                LossKernels.SquaredErrorGradient(p.Data, t.Data, d, n, scale, add);
                break;
            case RegressionLossKind.AbsoluteError:
                LossKernels.AbsoluteErrorGradient(p.Data, t.Data, d, n, scale, add);
                break;
            case RegressionLossKind.Huber:
                LossKernels.HuberGradient(p.Data, t.Data, d, n, scale, add, y.State.F0);
                break;
            case RegressionLossKind.BinaryCrossEntropyWithLogits:
                LossKernels.BinaryCrossEntropyWithLogitsGradient(p.Data, t.Data, d, n, scale, add, y.State.F0);
                break;
            default:
                LossKernels.BinaryCrossEntropyGradient(p.Data, t.Data, d, n, scale, add);
                break;
        }

        GC.KeepAlive(p);
        GC.KeepAlive(t);
    }
}
