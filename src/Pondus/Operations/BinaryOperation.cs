using Pondus.Kernels;

namespace Pondus;

/// <summary>Element-wise operations of two tensors with broadcasting; one instance a kind.</summary>
internal sealed unsafe class BinaryOperation : Operation
{
    private static readonly BinaryOperation[] s_all = [.. Enum.GetValues<BinaryKind>().Select(static kind => new BinaryOperation(kind))];
    private readonly BinaryKind _kind;

    // Printing an enumeration's value allocates; a step may not.
    private readonly string _name;

    private BinaryOperation(BinaryKind kind)
    {
        _kind = kind;
        _name = kind.ToString();
    }

    public static Tensor Apply(BinaryKind kind, Tensor left, Tensor right)
    {
        (Node a, Node b) = InOneLayout(left, right);
        BinaryOperation operation = s_all[(int)kind];
        Node y;
        if (a.Shape == b.Shape)
        {
            y = Tape.Result(a.Shape, operation, a, b);
            y.ChannelsLast = a.ChannelsLast;
            Binary.Forward(kind, a.Data, 1, b.Data, 1, y.Data, y.Count);
        }
        else
        {
            BroadcastPlan plan = BroadcastPlan.Of(a.MemoryShape, b.MemoryShape, operation._name);
            y = Tape.Result(a.ChannelsLast ? LayoutOperation.ChannelsFirstShape(plan.Result) : plan.Result, operation, a, b);
            y.ChannelsLast = a.ChannelsLast;
            if (y.Count > 0)
            {
                Walk(kind, plan, 0, a.Data, b.Data, y.Data, null, null, false);
            }
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result) => sketch.Emit(
        _kind switch
        {
            BinaryKind.Add => "Add",
            BinaryKind.Subtract => "Sub",
            BinaryKind.Multiply => "Mul",
            BinaryKind.Divide => "Div",
            BinaryKind.Power => "Pow",
            BinaryKind.Maximum => "Max",
            _ => "Min",
        },
        [sketch.Of(result.A!), sketch.Of(result.B!)]);

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!, b = y.B!;
        if (y.Count == 0)
        {
            ZeroWhereWanted(tape, a);
            ZeroWhereWanted(tape, b);
            return;
        }

        if (_kind == BinaryKind.Add)
        {
            AddSide(tape, y, a, b, toLeft: false);
            AddSide(tape, y, a, b, toLeft: true);
        }
        else
        {
            Side(tape, y, a, b, toLeft: true);
            Side(tape, y, a, b, toLeft: false);
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
    }

    /// <summary>Writes zeros as the first contribution, for results without values.</summary>
    internal static void ZeroWhereWanted(Tape tape, Node node)
    {
        if (node.NeedsGradient)
        {
            float* d = tape.GradientOf(node, out bool add);
            if (!add)
            {
                new Span<float>(d, node.Count).Clear();
            }
        }
    }

    // Where one has its channels last the other follows, if it has as many axes; a bias (1, C, 1, 1) is the same memory in both.
    private static (Node Left, Node Right) InOneLayout(Tensor left, Tensor right)
    {
        Node a = left.UseAny(), b = right.UseAny();
        if (!a.ChannelsLast && !b.ChannelsLast)
        {
            return (a, b);
        }

        return a.Shape.Rank == b.Shape.Rank ? (left.UseChannelsLast(), right.UseChannelsLast()) : (left.Use(), right.Use());
    }

    private static void Walk(BinaryKind kind, in BroadcastPlan plan, int axis, float* a, float* b, float* y, float* dy, float* d, bool toLeft)
    {
        int size = plan.Size(axis);
        nint strideA = plan.StrideA(axis), strideB = plan.StrideB(axis);
        if (axis == plan.Axes - 1)
        {
            if (dy == null)
            {
                Binary.Forward(kind, a, strideA, b, strideB, y, size);
            }
            else
            {
                Binary.Backward(kind, toLeft, a, strideA, b, strideB, y, dy, d, size);
            }

            return;
        }

        nint inner = 1;
        for (int i = axis + 1; i < plan.Axes; i++)
        {
            inner *= plan.Size(i);
        }

        for (int i = 0; i < size; i++)
        {
            nint offset = i * inner;
            Walk(kind, plan, axis + 1, a + (i * strideA), b + (i * strideB), y + offset, dy == null ? null : dy + offset, d == null ? null : d + offset, toLeft);
        }
    }

    private void Side(Tape tape, Node y, Node a, Node b, bool toLeft)
    {
        Node target = toLeft ? a : b;
        if (!target.NeedsGradient)
        {
            return;
        }

        float* d = tape.GradientOf(target, out bool add);
        bool whole = target.Count == y.Count;
        if (whole && !add && a.Shape == b.Shape)
        {
            Binary.Backward(_kind, toLeft, a.Data, 1, b.Data, 1, y.Data, y.Gradient, d, y.Count);
            return;
        }

        float* full = tape.Rent(y.Count);
        BroadcastPlan plan = BroadcastPlan.Of(a.MemoryShape, b.MemoryShape, _name);
        Walk(_kind, plan, 0, a.Data, b.Data, y.Data, y.Gradient, full, toLeft);
        if (whole)
        {
            if (add)
            {
                Arithmetic.AddTo(full, d, y.Count);
            }
            else
            {
                Arithmetic.Copy(full, d, y.Count);
            }
        }
        else
        {
            ReduceTo(plan, full, d, target.Count, toLeft, add);
        }

        tape.Return(full, y.Count);
    }

    /// <summary>A sum hands its gradient on as it is: to the left, which comes last, even without a copy.</summary>
    private void AddSide(Tape tape, Node y, Node a, Node b, bool toLeft)
    {
        Node target = toLeft ? a : b;
        if (!target.NeedsGradient)
        {
            return;
        }

        if (target.Count != y.Count)
        {
            float* d = tape.GradientOf(target, out bool add);
            ReduceTo(BroadcastPlan.Of(a.MemoryShape, b.MemoryShape, _name), y.Gradient, d, target.Count, toLeft, add);
        }
        else if (toLeft)
        {
            tape.HandOn(y, target);
        }
        else
        {
            tape.AddGradient(target, y.Gradient);
        }
    }

    // Few numbers in double: where they nearly cancel, sums in single precision would leave only their rounding.
    private static float SumOf(float* values, int count)
    {
        const int Few = 4096;
        if (count > Few)
        {
            return Arithmetic.Sum(values, count);
        }

        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += values[i];
        }

        return (float)sum;
    }

    /// <summary>Adds up the repeated axes of a gradient.</summary>
    private static void ReduceTo(in BroadcastPlan plan, float* full, float* d, int count, bool toLeft, bool add)
    {
        Span<int> sizes = stackalloc int[plan.Axes];
        Span<nint> strides = stackalloc nint[plan.Axes];
        for (int i = 0; i < plan.Axes; i++)
        {
            sizes[i] = plan.Size(i);
            strides[i] = toLeft ? plan.StrideA(i) : plan.StrideB(i);
        }

        // The usual shapes have a fast way, which also sums in chunks: one number for all, a row added to every row, and one to every row of a sample.
        if (plan.Axes == 1 && strides[0] == 0)
        {
            d[0] = (add ? d[0] : 0f) + SumOf(full, sizes[0]);
            return;
        }

        if (plan.Axes == 2 && strides[0] == 0 && strides[1] == 1)
        {
            LinearKernels.SumColumns(full, sizes[0], sizes[1], d, add);
        }
        else if (plan.Axes == 3 && strides[0] == sizes[2] && strides[1] == 0 && strides[2] == 1)
        {
            for (int i = 0; i < sizes[0]; i++)
            {
                LinearKernels.SumColumns(full + ((nint)i * sizes[1] * sizes[2]), sizes[1], sizes[2], d + ((nint)i * sizes[2]), add);
            }
        }
        else
        {
            if (!add)
            {
                new Span<float>(d, count).Clear();
            }

            Strided.Scatter(full, sizes, strides, d, add: true);
        }
    }
}
