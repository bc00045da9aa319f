using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Sums over products by named axes.</summary>
internal static class EinsumOperators
{
    // An ellipsis stands for axes that get names beyond those of letters.
    private const char FirstHidden = '\u0100';

    internal static void Register(OnnxOperators table) => table.AddSingle("Einsum", static call => [Einsum(call)]);

    private static OnnxValue Einsum(OnnxCall call)
    {
        string equation = call.Text("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (terms.Length != call.Inputs.Count || sides.Length > 2)
        {
            throw call.Error($"expected a term for each of {call.Inputs.Count} inputs, got '{equation}'.");
        }

        string hidden = Hidden(call, terms);
        List<(string Axes, OnnxValue Value)> operands = [];
        for (int i = 0; i < terms.Length; i++)
        {
            operands.Add(Diagonal(call, Expand(call, terms[i], call.Input(i).Rank, hidden), call.Input(i)));
        }

        string all = string.Concat(operands.Select(static operand => operand.Axes));
        string result = sides.Length == 2
            ? sides[1].Replace("...", hidden, StringComparison.Ordinal)
            : hidden + string.Concat(terms.SelectMany(static term => term).Where(char.IsAsciiLetter).GroupBy(static c => c).Where(static group => group.Count() == 1).Select(static group => group.Key).Order());
        if (result.Any(axis => !all.Contains(axis, StringComparison.Ordinal)) || result.Distinct().Count() != result.Length)
        {
            throw call.Error($"expected each axis of the result once and from an input, got '{equation}'.");
        }

        while (operands.Count > 1)
        {
            string later = string.Concat(operands.Skip(2).Select(static operand => operand.Axes)) + result;
            (string Axes, OnnxValue Value) product = Multiply(call, operands[0], operands[1], later);
            operands.RemoveRange(0, 2);
            operands.Insert(0, product);
        }

        (string axes, OnnxValue value) = Sum(operands[0], result);
        return ShapeOperators.Permute(value, [.. result.Select(axis => axes.IndexOf(axis, StringComparison.Ordinal))]);
    }

    private static string Hidden(OnnxCall call, string[] terms)
    {
        int most = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            most = terms[i].Contains("...", StringComparison.Ordinal) ? Math.Max(most, call.Input(i).Rank - (terms[i].Length - 3)) : most;
        }

        return string.Concat(Enumerable.Range(0, most).Select(static i => (char)(FirstHidden + i)));
    }

    private static string Expand(OnnxCall call, string term, int rank, string hidden)
    {
        int place = term.IndexOf("...", StringComparison.Ordinal), free = rank - term.Length + (place < 0 ? 0 : 3);
        string axes = place < 0 ? term : string.Concat(term.AsSpan(0, place), hidden.AsSpan(Math.Max(0, hidden.Length - free)), term.AsSpan(place + 3));
        return axes.Length == rank ? axes : throw call.Error($"expected {rank} axes, got '{term}'.");
    }

    // An axis named twice means its diagonal.
    private static (string Axes, OnnxValue Value) Diagonal(OnnxCall call, string axes, OnnxValue value)
    {
        string once = string.Concat(axes.Distinct());
        if (once.Length == axes.Length)
        {
            return (axes, value);
        }

        int[] shape = [.. once.Select(axis => value.Shape[axes.IndexOf(axis, StringComparison.Ordinal)])], strides = new int[once.Length];
        for (int i = axes.Length - 1, stride = 1; i >= 0; i--)
        {
            int to = once.IndexOf(axes[i], StringComparison.Ordinal);
            strides[to] += value.Shape[i] == shape[to] ? stride : throw call.Error($"expected equal sizes of axis '{axes[i]}', got {value}.");
            stride *= value.Shape[i];
        }

        int[] from = new int[Movement.Count(shape)];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            from[i] = walk.Place.Zip(strides, static (place, stride) => place * stride).Sum();
        }

        return (once, EngineValues.Pick(value, shape, from));
    }

    private static (string Axes, OnnxValue Value) Sum((string Axes, OnnxValue Value) operand, string kept)
    {
        (string axes, OnnxValue value) = operand;
        Tensor x = value.AsTensor();
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            if (!kept.Contains(axes[i], StringComparison.Ordinal))
            {
                x = x.Sum(i);
                axes = axes.Remove(i, 1);
            }
        }

        return (axes, OnnxValue.Of(x));
    }

    private static (string Axes, OnnxValue Value) Multiply(OnnxCall call, (string Axes, OnnxValue Value) left, (string Axes, OnnxValue Value) right, string later)
    {
        left = Sum(left, right.Axes + later);
        right = Sum(right, left.Axes + later);
        // An axis of size 1 that the other has more of is repeated: without it, broadcasting does so.
        string shared = string.Concat(left.Axes.Where(axis => right.Axes.Contains(axis, StringComparison.Ordinal)));
        string batch = string.Concat(shared.Where(axis => later.Contains(axis, StringComparison.Ordinal)));
        string summed = string.Concat(shared.Except(batch)), rows = string.Concat(left.Axes.Except(shared)), columns = string.Concat(right.Axes.Except(shared));
        Tensor a = Arrange(left, batch, rows, summed), b = Arrange(right, batch, summed, columns);
        Tensor product = a.MatMul(b);
        int[] sizes = [.. (batch + rows + columns).Select(axis => Math.Max(Size(left, axis), Size(right, axis)))];
        if (shared.Any(axis => Size(left, axis) != Size(right, axis) && Math.Min(Size(left, axis), Size(right, axis)) != 1))
        {
            throw call.Error($"expected equal sizes of shared axes, got {left.Value} and {right.Value}.");
        }

        return (batch + rows + columns, OnnxValue.Of(product.Reshape(new Shape(sizes))));
    }

    // (batch axes each for themselves, first axes as one, second axes as one)
    private static Tensor Arrange((string Axes, OnnxValue Value) operand, string batch, string first, string second)
    {
        int[] order = [.. (batch + first + second).Select(axis => operand.Axes.IndexOf(axis, StringComparison.Ordinal))];
        int[] shape = operand.Value.Shape;
        int rows = first.Aggregate(1, (count, axis) => count * Size(operand, axis)), columns = second.Aggregate(1, (count, axis) => count * Size(operand, axis));
        return ShapeOperators.Permute(operand.Value, order).Reshaped([.. batch.Select(axis => Size(operand, axis)), rows, columns]).AsTensor();
    }

    private static int Size((string Axes, OnnxValue Value) operand, char axis) =>
        operand.Axes.IndexOf(axis, StringComparison.Ordinal) is var place and >= 0 ? operand.Value.Shape[place] : 1;
}
