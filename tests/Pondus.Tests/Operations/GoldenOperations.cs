using Pondus.Tests.Support;

namespace Pondus.Tests.Operations;

/// <summary>How the engine computes each operation of the golden file.</summary>
internal static class GoldenOperations
{
    private static readonly Dictionary<string, Func<GoldenCase, Tensor[], Tensor>> s_all = new(StringComparer.Ordinal)
    {
        ["add"] = static (_, x) => x[0] + x[1],
        ["subtract"] = static (_, x) => x[0] - x[1],
        ["multiply"] = static (_, x) => x[0] * x[1],
        ["divide"] = static (_, x) => x[0] / x[1],
        ["power"] = static (_, x) => x[0].Power(x[1]),
        ["maximum"] = static (_, x) => x[0].Maximum(x[1]),
        ["minimum"] = static (_, x) => x[0].Minimum(x[1]),
        ["negate"] = static (_, x) => -x[0],
        ["abs"] = static (_, x) => x[0].Absolute(),
        ["square"] = static (_, x) => x[0].Square(),
        ["reciprocal"] = static (_, x) => x[0].Reciprocal(),
        ["exp"] = static (_, x) => x[0].Exponential(),
        ["sin"] = static (_, x) => x[0].Sine(),
        ["cos"] = static (_, x) => x[0].Cosine(),
        ["sqrt"] = static (_, x) => x[0].SquareRoot(),
        ["log"] = static (_, x) => x[0].Logarithm(),
        ["powerScalar"] = static (one, x) => x[0].Power((float)one.Number("exponent")),
        ["sigmoid"] = static (_, x) => x[0].Sigmoid(),
        ["tanh"] = static (_, x) => x[0].Tanh(),
        ["relu"] = static (_, x) => x[0].Relu(),
        ["leakyRelu"] = static (one, x) => x[0].LeakyRelu((float)one.Number("slope")),
        ["elu"] = static (one, x) => x[0].Elu((float)one.Number("alpha")),
        ["selu"] = static (_, x) => x[0].Selu(),
        ["gelu"] = static (one, x) => one.Flag("approximate") ? x[0].GeluTanh() : x[0].Gelu(),
        ["silu"] = static (_, x) => x[0].Silu(),
        ["softplus"] = static (_, x) => x[0].Softplus(),
        ["softmax"] = static (one, x) => x[0].Softmax(one.Integer("axis")),
        ["logSoftmax"] = static (one, x) => x[0].LogSoftmax(one.Integer("axis")),
        ["sum"] = static (one, x) => one.Has("axis") ? x[0].Sum(one.Integer("axis"), one.Flag("keepDimensions")) : x[0].Sum(),
        ["mean"] = static (one, x) => one.Has("axis") ? x[0].Mean(one.Integer("axis"), one.Flag("keepDimensions")) : x[0].Mean(),
        ["max"] = static (one, x) => one.Has("axis") ? x[0].Max(one.Integer("axis"), one.Flag("keepDimensions")) : Flat(x[0]).Max(0),
        ["min"] = static (one, x) => one.Has("axis") ? x[0].Min(one.Integer("axis"), one.Flag("keepDimensions")) : Flat(x[0]).Min(0),
        ["matMul"] = static (one, x) => x[0].MatMul(x[1], one.Flag("transposeA"), one.Flag("transposeB")),
        ["reshape"] = static (one, x) => x[0].Reshape(new Shape(one.Integers("shape"))),
        ["permute"] = static (one, x) => x[0].Permute(one.Integers("axes")),
        ["transpose"] = static (one, x) => x[0].Transpose(one.Integer("axis0"), one.Integer("axis1")),
        ["slice"] = static (one, x) => Slice(one, x[0]),
        ["indexSelect"] = static (one, x) => Select(x[0], one.Integer("axis"), one["indices"].Integers),
        ["gather"] = static (one, x) => Gather(x[0], one.Integer("axis"), one["indices"]),
        ["broadcastTo"] = static (one, x) => x[0] + Tensor.Zeros(new Shape(one.Integers("shape"))),
        ["concat"] = static (one, x) => Tensor.Concatenate(one.Integer("axis"), x),
        ["stack"] = static (one, x) => Tensor.Stack(one.Integer("axis"), x),
    };

    /// <summary>Computes a case; an operation without an entry is an error.</summary>
    public static Tensor Compute(GoldenCase one, Tensor[] inputs) => s_all.TryGetValue(one.Op, out Func<GoldenCase, Tensor[], Tensor>? compute)
        ? compute(one, inputs)
        : throw new NotSupportedException($"Golden operations: expected a computation for '{one.Op}', got none.");

    private static Tensor Flat(Tensor x) => x.Reshape([x.Count]);

    private static Tensor Slice(GoldenCase one, Tensor x)
    {
        int start = one.Integer("start"), step = one.Integer("step");
        int length = (one.Integer("stop") - start + step - 1) / step;
        return x.Slice(one.Integer("axis"), start, length, step);
    }

    private static Tensor Select(Tensor x, int axis, int[] indices) => axis == 0
        ? x.SelectRows(indices)
        : x.Transpose(0, axis).SelectRows(indices).Transpose(0, axis);

    /// <summary>Element by element: the rows of the flat tensor.</summary>
    private static Tensor Gather(Tensor x, int axis, GoldenArray indices)
    {
        Shape from = x.Shape, to = new(indices.Shape);
        int[] flat = new int[to.Count];
        for (int i = 0; i < flat.Length; i++)
        {
            int rest = i, place = 0, stride = 1;
            for (int a = to.Rank - 1; a >= 0; a--)
            {
                (rest, int at) = Math.DivRem(rest, to[a]);
                place += (a == axis ? indices.Integers[i] : at) * stride;
                stride *= from[a];
            }

            flat[i] = place;
        }

        return Flat(x).SelectRows(flat).Reshape(to);
    }
}
