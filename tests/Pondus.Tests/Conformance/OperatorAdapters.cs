namespace Pondus.Tests.Conformance;

/// <summary>Which operation of Pondus answers to which operator of PyTorch's op_db.</summary>
internal static partial class OperatorAdapters
{
    /// <summary>All operators that Pondus has.</summary>
    public static IReadOnlyDictionary<string, Func<ConformanceCall, Tensor>> All { get; } =
        Elementwise().Concat(Shapes()).Concat(Reductions()).Concat(Products()).Concat(Layers()).Concat(Norms()).Concat(Images()).Concat(Sequences()).Concat(Losses()).ToDictionary(StringComparer.Ordinal);

    private static KeyValuePair<string, Func<ConformanceCall, Tensor>> Row(string name, Func<ConformanceCall, Tensor> adapter) => new(name, adapter);

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Elementwise()
    {
        yield return Row("abs", static c => c.Tensor(0).Absolute());
        yield return Row("neg", static c => -c.Tensor(0));
        yield return Row("square", static c => c.Tensor(0).Square());
        yield return Row("sqrt", static c => c.Tensor(0).SquareRoot());
        yield return Row("reciprocal", static c => c.Tensor(0).Reciprocal());
        yield return Row("exp", static c => c.Tensor(0).Exponential());
        yield return Row("log", static c => c.Tensor(0).Logarithm());
        yield return Row("sin", static c => c.Tensor(0).Sine());
        yield return Row("cos", static c => c.Tensor(0).Cosine());
        yield return Row("sign", static c => c.Tensor(0).Sign());
        yield return Row("sigmoid", static c => c.Tensor(0).Sigmoid());
        yield return Row("tanh", static c => c.Tensor(0).Tanh());
        yield return Row("nn.functional.relu", static c => Plain(c, static x => x.Relu()));
        yield return Row("nn.functional.leaky_relu", static c => Plain(c, x => x.LeakyRelu((float)c.Number(1, "negative_slope", 0.01))));
        yield return Row("nn.functional.elu", static c => Plain(c, x => x.Elu((float)c.Number(1, "alpha", 1))));
        yield return Row("nn.functional.selu", static c => Plain(c, static x => x.Selu()));
        yield return Row("nn.functional.silu", static c => Plain(c, static x => x.Silu()));
        yield return Row("nn.functional.relu6", static c => Plain(c, static x => x.Relu6()));
        yield return Row("nn.functional.hardsigmoid", static c => Plain(c, static x => x.Hardsigmoid()));
        yield return Row("nn.functional.hardswish", static c => Plain(c, static x => x.Hardswish()));
        yield return Row("nn.functional.mish", static c => Plain(c, static x => x.Mish()));
        yield return Row("nn.functional.logsigmoid", static c => c.Tensor(0).LogSigmoid());
        yield return Row("nn.functional.softsign", static c => c.Tensor(0).Softsign());
        yield return Row("nn.functional.gelu", static c => c.Text(1, "approximate", "none") switch
        {
            "none" => c.Tensor(0).Gelu(),
            "tanh" => c.Tensor(0).GeluTanh(),
            string other => throw new UnsupportedSampleException($"approximate {other}"),
        });
        yield return Row("__radd__", static c => Two(c, static (x, y) => y + x, static (x, y) => y + x));
        yield return Row("__rmul__", static c => Two(c, static (x, y) => y * x, static (x, y) => y * x));
        yield return Row("__rsub__", static c => Two(c, static (x, y) => y - x, static (x, y) => y - x));
        yield return Row("__rdiv__", static c => Two(c, static (x, y) => y / x, static (x, y) => y / x));
        yield return Row("rsub", static c => Two(c, static (x, y) => y - x, static (x, y) => y - x));
        yield return Row("add", static c => Two(c, static (x, y) => x + y, static (x, y) => x + y));
        yield return Row("sub", static c => Two(c, static (x, y) => x - y, static (x, y) => x - y));
        yield return Row("mul", static c => Two(c, static (x, y) => x * y, static (x, y) => x * y));
        yield return Row("div", static c => c.Text(2, "rounding_mode", "none") == "none" ? Two(c, static (x, y) => x / y, static (x, y) => x / y) : throw new UnsupportedSampleException("rounding_mode"));
        yield return Row("true_divide", static c => Two(c, static (x, y) => x / y, static (x, y) => x / y));
        yield return Row("pow", static c => c[0].IsNumber ? throw new UnsupportedSampleException("a number to the power of a tensor") : Two(c, static (x, y) => x.Power(y), static (x, y) => x.Power(y)));
        yield return Row("maximum", static c => c.Tensor(0).Maximum(c.Tensor(1)));
        yield return Row("minimum", static c => c.Tensor(0).Minimum(c.Tensor(1)));
        yield return Row("softmax", static c => c.Tensor(0).Softmax(c.Axis(1, "dim", -1)));
        yield return Row("log_softmax", static c => c.Tensor(0).LogSoftmax(c.Axis(1, "dim", -1)));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Shapes()
    {
        foreach (string name in new[] { "reshape", "view", "view_copy" })
        {
            yield return Row(name, static c => c.Tensor(0).Reshape(Resolve(c.Tensor(0).Shape, c.Integers(1, "shape")!)));
        }

        foreach (string name in new[] { "reshape_as", "view_as" })
        {
            yield return Row(name, static c => c.Tensor(0).Reshape(c.Tensor(1).Shape));
        }

        foreach (string name in new[] { "permute", "permute_copy" })
        {
            yield return Row(name, static c => c.Tensor(0).Permute(Positive(c.Integers(1, "dims")!, c.Tensor(0).Rank)));
        }

        foreach (string name in new[] { "transpose", "transpose_copy" })
        {
            yield return Row(name, static c => c.Tensor(0).Transpose(c.Axis(1, "dim0", 0), c[2].Integer));
        }

        foreach (string name in new[] { "narrow", "narrow_copy" })
        {
            yield return Row(name, static c => c[2].IsNumber ? c.Tensor(0).Slice(c[1].Integer, Positive(c, c[1].Integer, c[2].Integer), c[3].Integer) : throw new UnsupportedSampleException("a start that is a tensor"));
        }

        yield return Row("t", static c => c.Tensor(0).Rank == 2 ? c.Tensor(0).Transpose() : throw new UnsupportedSampleException("fewer than two axes"));
        yield return Row("mT", static c => c.Tensor(0).Transpose());

        yield return Row("flatten", static c => c.Find(2, "end_dim") is { } end && end.Integer != -1 && end.Integer != c.Tensor(0).Rank - 1
            ? throw new UnsupportedSampleException("end_dim")
            : c.Tensor(0).Flatten(c.Axis(1, "start_dim", 0)));
        yield return Row("slice", Sliced);
        yield return Row("index_select", static c => c.Axis(1, "dim", 0) == 0 ? c.Tensor(0).SelectRows(c.Labels(2, "index")) : throw new UnsupportedSampleException("an axis that is not the first"));
        yield return Row("cat", Joined);
        yield return Row("stack", static c => Tensor.Stack(c.Integer(1, "dim", 0), [.. c[0].Items!.Select(static item => item.Tensor)]));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Reductions()
    {
        yield return Row("sum", static c => Reduce(c, static x => x.Sum(), static (x, axis, keep) => x.Sum(axis, keep)));
        foreach ((string name, bool largest) in new[] { ("amax", true), ("amin", false) })
        {
            yield return Row(name, c => Reduce(c, x => Extreme(x.Reshape([x.Count]), 0, keep: false, largest), (x, axis, keep) => Extreme(x, axis, keep, largest)));
        }

        foreach ((string name, bool largest) in new[] { ("max", true), ("min", false) })
        {
            yield return Row(name, c => c.Variant switch
            {
                "binary" => largest ? c.Tensor(0).Maximum(c.Tensor(1)) : c.Tensor(0).Minimum(c.Tensor(1)),
                _ => Reduce(c, x => Extreme(x.Reshape([x.Count]), 0, keep: false, largest), (x, axis, keep) => Extreme(x, axis, keep, largest)),
            });
        }

        yield return Row("mean", static c => Reduce(c, static x => x.Mean(), static (x, axis, keep) => x.Mean(axis, keep)));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Products()
    {
        yield return Row("matmul", static c => c.Tensor(0).MatMul(c.Tensor(1)));
        yield return Row("__rmatmul__", static c => c.Tensor(1).MatMul(c.Tensor(0)));
        foreach ((string name, int first, int second) in new[] { ("mm", 2, 2), ("bmm", 3, 3), ("mv", 2, 1), ("dot", 1, 1) })
        {
            // One operation stands for all of these, which PyTorch tells apart by the axes.
            yield return Row(name, c => c.Tensor(0).Rank == first && c.Tensor(1).Rank == second ? c.Tensor(0).MatMul(c.Tensor(1)) : throw new UnsupportedSampleException("other axes, which MatMul takes"));
        }
    }

    // inplace changes where PyTorch writes, not what.
    private static Tensor Plain(ConformanceCall call, Func<Tensor, Tensor> function)
    {
        call.Ignore("inplace");
        return function(call.Tensor(0));
    }

    private static Tensor Two(ConformanceCall call, Func<Tensor, Tensor, Tensor> tensors, Func<Tensor, float, Tensor> number) =>
        call[1].IsNumber ? number(call.Tensor(0), (float)call[1].Number) : tensors(call.Tensor(0), call.Tensor(1));

    private static Tensor Extreme(Tensor x, int axis, bool keep, bool largest) => largest ? x.Max(axis, keep) : x.Min(axis, keep);

    private static Tensor Sliced(ConformanceCall c)
    {
        Tensor x = c.Tensor(0);
        int axis = c.Axis(1, "dim", 0), step = c.Integer(4, "step", 1), size = x.Shape[axis < 0 ? axis + x.Rank : axis];
        int start = Math.Clamp(Positive(c, axis, c.Integer(2, "start", 0)), 0, size), end = Math.Clamp(Positive(c, axis, c.Integer(3, "end", size)), start, size);
        return x.Slice(axis, start, (end - start + step - 1) / step, step);
    }

    private static Tensor Joined(ConformanceCall c)
    {
        Tensor[] parts = [.. c[0].Items!.Select(static item => item.Tensor)];
        return !c.IsWrong && parts.Select(static part => part.Rank).Distinct().Count() > 1
            ? throw new UnsupportedSampleException("an empty tensor of one axis among others")
            : Tensor.Concatenate(c.Integer(1, "dim", 0), parts);
    }

    private static Tensor Reduce(ConformanceCall call, Func<Tensor, Tensor> whole, Func<Tensor, int, bool, Tensor> axis)
    {
        int[]? axes = call.Integers(1, "dim");
        bool keep = call.Boolean(2, "keepdim", false);
        return axes switch
        {
            null => whole(call.Tensor(0)),
            [int one] when call.Tensor(0).Rank > 0 => axis(call.Tensor(0), one, keep),
            [int] => throw new UnsupportedSampleException("an axis of a tensor without axes"),
            _ => throw new UnsupportedSampleException("several axes at once"),
        };
    }

    private static Shape Resolve(Shape from, int[] sizes)
    {
        int known = sizes.Where(static s => s >= 0).Aggregate(1, static (a, b) => a * b);
        return known == 0 && sizes.Contains(-1)
            ? throw new UnsupportedSampleException("a size of -1")
            : new Shape([.. sizes.Select(s => s < 0 ? from.Count / known : s)]);
    }

    private static int Positive(ConformanceCall call, int axis, int place) => place < 0 && !call.IsWrong ? place + call.Tensor(0).Shape[axis < 0 ? axis + call.Tensor(0).Rank : axis] : place;

    private static int[] Positive(int[] axes, int rank) => [.. axes.Select(a => a < 0 ? a + rank : a)];
}
