namespace Pondus.Tests.Conformance;

/// <summary>Which operation of Pondus answers to which operator of PyTorch's op_db.</summary>
internal static partial class OperatorAdapters
{
    /// <summary>All operators that Pondus has.</summary>
    public static IReadOnlyDictionary<string, Func<ConformanceCall, Tensor>> All { get; } =
        Elementwise().Concat(Shapes()).Concat(Reductions()).Concat(Products()).Concat(Layers()).ToDictionary(StringComparer.Ordinal);

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
        yield return Row("nn.functional.gelu", static c => c.Text(1, "approximate", "none") == "tanh" ? c.Tensor(0).GeluTanh() : c.Tensor(0).Gelu());
        yield return Row("nn.functional.softplus", static c => c.Tensor(0).Softplus());
        yield return Row("add", static c => Two(c, static (x, y) => x + y, static (x, y) => x + y));
        yield return Row("sub", static c => Two(c, static (x, y) => x - y, static (x, y) => x - y));
        yield return Row("mul", static c => Two(c, static (x, y) => x * y, static (x, y) => x * y));
        yield return Row("div", static c => c.Text(2, "rounding_mode", "none") == "none" ? Two(c, static (x, y) => x / y, static (x, y) => x / y) : throw new UnsupportedSampleException("rounding_mode"));
        yield return Row("true_divide", static c => Two(c, static (x, y) => x / y, static (x, y) => x / y));
        yield return Row("pow", static c => c[0].IsNumber ? throw new UnsupportedSampleException("a number to the power of a tensor") : Two(c, static (x, y) => x.Power(y), static (x, y) => x.Power(y)));
        yield return Row("maximum", static c => c.Tensor(0).Maximum(c.Tensor(1)));
        yield return Row("minimum", static c => c.Tensor(0).Minimum(c.Tensor(1)));
        yield return Row("softmax", static c => c.Tensor(0).Softmax(c.Integer(1, "dim", -1)));
        yield return Row("log_softmax", static c => c.Tensor(0).LogSoftmax(c.Integer(1, "dim", -1)));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Shapes()
    {
        yield return Row("reshape", static c => c.Tensor(0).Reshape(Resolve(c.Tensor(0).Shape, c.Integers(1, "shape")!)));
        yield return Row("view", static c => c.Tensor(0).Reshape(Resolve(c.Tensor(0).Shape, c.Integers(1, "shape")!)));
        yield return Row("permute", static c => c.Tensor(0).Permute(Positive(c.Integers(1, "dims")!, c.Tensor(0).Rank)));
        yield return Row("transpose", static c => c.Tensor(0).Transpose(c[1].Integer, c[2].Integer));
        yield return Row("cat", static c => Tensor.Concatenate(c.Integer(1, "dim", 0), [.. c[0].Items!.Select(static item => item.Tensor)]));
        yield return Row("stack", static c => Tensor.Stack(c.Integer(1, "dim", 0), [.. c[0].Items!.Select(static item => item.Tensor)]));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Reductions()
    {
        yield return Row("sum", static c => Reduce(c, static x => x.Sum(), static (x, axis, keep) => x.Sum(axis, keep)));
        yield return Row("mean", static c => Reduce(c, static x => x.Mean(), static (x, axis, keep) => x.Mean(axis, keep)));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Products()
    {
        yield return Row("matmul", static c => c.Tensor(0).MatMul(c.Tensor(1)));
        yield return Row("mm", static c => c.Tensor(0).MatMul(c.Tensor(1)));
        yield return Row("bmm", static c => c.Tensor(0).MatMul(c.Tensor(1)));
    }

    // inplace changes where PyTorch writes, not what.
    private static Tensor Plain(ConformanceCall call, Func<Tensor, Tensor> function)
    {
        call.Ignore("inplace");
        return function(call.Tensor(0));
    }

    private static Tensor Two(ConformanceCall call, Func<Tensor, Tensor, Tensor> tensors, Func<Tensor, float, Tensor> number) =>
        call[1].IsNumber ? number(call.Tensor(0), (float)call[1].Number) : tensors(call.Tensor(0), call.Tensor(1));

    private static Tensor Reduce(ConformanceCall call, Func<Tensor, Tensor> whole, Func<Tensor, int, bool, Tensor> axis)
    {
        int[]? axes = call.Integers(1, "dim");
        bool keep = call.Boolean(2, "keepdim", false);
        return axes switch
        {
            null => whole(call.Tensor(0)),
            [int one] when call.Tensor(0).Rank > 0 => axis(call.Tensor(0), one, keep),
            _ => throw new UnsupportedSampleException("several axes at once"),
        };
    }

    private static Shape Resolve(Shape from, int[] sizes)
    {
        int known = sizes.Where(static s => s >= 0).Aggregate(1, static (a, b) => a * b);
        return new Shape([.. sizes.Select(s => s < 0 ? from.Count / Math.Max(1, known) : s)]);
    }

    private static int[] Positive(int[] axes, int rank) => [.. axes.Select(a => a < 0 ? a + rank : a)];
}
