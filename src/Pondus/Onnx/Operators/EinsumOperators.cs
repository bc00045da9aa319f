using System.Numerics;

namespace Pondus.Onnx.Operators;

/// <summary>Sums of products by an equation such as <c>bij,bjk->bik</c>.</summary>
internal static class EinsumOperators
{
    internal static void Register(OnnxOperators table) => table.AddWidened("Einsum", Run);

    private static OnnxValue?[] Run(OnnxCall call)
    {
        OnnxValue[] operands = [.. Enumerable.Range(0, call.Inputs.Count).Select(call.Input)];
        (string[] terms, string output) = Terms(call, operands);
        Dictionary<char, int> sizes = [];
        for (int i = 0; i < operands.Length; i++)
        {
            for (int axis = 0; axis < terms[i].Length; axis++)
            {
                char label = terms[i][axis];
                int size = operands[i].Shape[axis], known = sizes.GetValueOrDefault(label, 1);
                if (known != 1 && size != 1 && known != size)
                {
                    throw call.Error($"expected one size for each label of '{call.Text("equation", string.Empty)}', got {known} and {size} for {label}.");
                }

                sizes[label] = size == 1 ? known : size;
            }

            (operands[i], terms[i]) = Diagonal(operands[i], terms[i], sizes);
        }

        if (output.FirstOrDefault(label => !sizes.ContainsKey(label) || output.Count(other => other == label) > 1) is not '\0' and var wrong)
        {
            throw call.Error($"expected each label of the output once and in an input, got {wrong} in '{call.Text("equation", string.Empty)}'.");
        }

        OnnxValue y = operands[0];
        string labels = terms[0];
        for (int i = 1; i < operands.Length; i++)
        {
            string needed = output + string.Concat(terms.Skip(i + 1));
            (y, labels) = Contract(call, (y, labels), (operands[i], terms[i]), needed);
        }

        y = SumOut(call, y, ref labels, output);
        return [Permuted(call, y, labels, output)];
    }

    /// <summary>The labels of each operand and of the result; an ellipsis becomes labels of its own, counted from the last axis.</summary>
    private static (string[] Terms, string Output) Terms(OnnxCall call, OnnxValue[] operands)
    {
        string equation = call.Text("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != operands.Length)
        {
            throw call.Error($"expected an equation with {operands.Length} terms, got '{equation}'.");
        }

        int widest = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            int more = operands[i].Rank - (terms[i].Contains("...", StringComparison.Ordinal) ? terms[i].Length - 3 : terms[i].Length);
            if (more < 0 || (more > 0 && !terms[i].Contains("...", StringComparison.Ordinal)))
            {
                throw call.Error($"expected as many labels as axes, got '{terms[i]}' for {operands[i]}.");
            }

            widest = Math.Max(widest, more);
            terms[i] = terms[i].Replace("...", Hidden(more), StringComparison.Ordinal);
        }

        string output = sides.Length == 2
            ? sides[1].Replace("...", Hidden(widest), StringComparison.Ordinal)
            : Hidden(widest) + string.Concat(string.Concat(terms).Where(char.IsLetter).GroupBy(static label => label).Where(static group => group.Count() == 1).Select(static group => group.Key).Order());
        return (terms, output);

        static string Hidden(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)('\uE000' + count - 1 - i)));
    }

    /// <summary>Where a label stands twice only the diagonal counts; axes of size 1 are repeated where others are larger.</summary>
    private static (OnnxValue Value, string Labels) Diagonal(OnnxValue x, string labels, Dictionary<char, int> sizes)
    {
        string single = string.Concat(labels.Distinct());
        if (single.Length == labels.Length)
        {
            return (x, labels);
        }

        int[] shape = [.. single.Select(label => sizes[label])], from = new int[Movement.Count(shape)];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            int place = 0;
            for (int axis = 0; axis < labels.Length; axis++)
            {
                place = (place * x.Shape[axis]) + (x.Shape[axis] == 1 ? 0 : walk.Place[single.IndexOf(labels[axis], StringComparison.Ordinal)]);
            }

            from[i] = place;
        }

        return (EngineValues.Pick(x, shape, from), single);
    }

    /// <summary>The product of two operands, summed over what nothing needs any more: a product of matrices.</summary>
    private static (OnnxValue Value, string Labels) Contract(OnnxCall call, (OnnxValue Value, string Labels) a, (OnnxValue Value, string Labels) b, string needed)
    {
        a.Value = SumOut(call, a.Value, ref a.Labels, needed + b.Labels);
        b.Value = SumOut(call, b.Value, ref b.Labels, needed + a.Labels);
        string batch = string.Concat(a.Labels.Where(label => b.Labels.Contains(label) && needed.Contains(label)));
        string summed = string.Concat(a.Labels.Where(label => b.Labels.Contains(label) && !needed.Contains(label)));
        string left = string.Concat(a.Labels.Where(label => !b.Labels.Contains(label))), right = string.Concat(b.Labels.Where(label => !a.Labels.Contains(label)));
        a.Value = Repeated(call, a, b, batch + summed);
        b.Value = Repeated(call, b, a, batch + summed);
        OnnxValue x = Permuted(call, a.Value, a.Labels, batch + left + summed), z = Permuted(call, b.Value, b.Labels, batch + summed + right);
        int[] batchShape = x.Shape[..batch.Length], leftShape = x.Shape[batch.Length..(batch.Length + left.Length)], rightShape = z.Shape[(batch.Length + summed.Length)..];
        int stack = Movement.Count(batchShape), rows = Movement.Count(leftShape), columns = Movement.Count(rightShape), depth = Movement.Count(z.Shape.AsSpan(batch.Length, summed.Length));
        OnnxValue y = Product(call, x.Reshaped(stack, rows, depth), z.Reshaped(stack, depth, columns));
        return (y.Reshaped([.. batchShape, .. leftShape, .. rightShape]), batch + left + right);
    }

    /// <summary>Repeats axes of size 1 that the other operand has larger.</summary>
    private static OnnxValue Repeated(OnnxCall call, (OnnxValue Value, string Labels) x, (OnnxValue Value, string Labels) other, string common)
    {
        int[] shape = [.. x.Value.Shape];
        foreach (char label in common)
        {
            int axis = x.Labels.IndexOf(label, StringComparison.Ordinal);
            shape[axis] = shape[axis] == 1 ? other.Value.Shape[other.Labels.IndexOf(label, StringComparison.Ordinal)] : shape[axis];
        }

        call.Product(shape);
        return shape.AsSpan().SequenceEqual(x.Value.Shape) ? x.Value : EngineValues.Pick(x.Value, shape, Broadcast.Places(x.Value.Shape, shape));
    }

    /// <summary>Sums over the labels that are not needed.</summary>
    private static OnnxValue SumOut(OnnxCall call, OnnxValue x, ref string labels, string needed)
    {
        string kept = string.Concat(labels.Where(label => needed.Contains(label))), gone = string.Concat(labels.Where(label => !needed.Contains(label)));
        if (gone.Length == 0)
        {
            return x;
        }

        OnnxValue sorted = Permuted(call, x, labels, kept + gone);
        int[] shape = sorted.Shape[..kept.Length];
        int rows = Movement.Count(shape), columns = Movement.Count(sorted.Shape.AsSpan(kept.Length));
        OnnxValue ones = Elements.OfDoubles(x.Type, [.. Enumerable.Repeat(1.0, columns)], 1, columns, 1);
        labels = kept;
        return Product(call, sorted.Reshaped(1, rows, columns), ones).Reshaped(shape);
    }

    private static OnnxValue Permuted(OnnxCall call, OnnxValue x, string labels, string order)
    {
        if (labels == order)
        {
            return x;
        }

        int[] axes = [.. order.Select(label => labels.IndexOf(label, StringComparison.Ordinal))];
        if (EngineValues.Takes(x))
        {
            return OnnxValue.Of(x.AsTensor().Permute(axes));
        }

        int[] shape = [.. axes.Select(axis => x.Shape[axis])], strides = [.. axes.Select(axis => Movement.Inner(x.Shape, axis))], from = new int[call.Product(shape)];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            for (int axis = 0; axis < strides.Length; axis++)
            {
                from[i] += walk.Place[axis] * strides[axis];
            }
        }

        return Movement.Pick(x, shape, from);
    }

    private static OnnxValue Product(OnnxCall call, OnnxValue a, OnnxValue b)
    {
        call.Product([a.Shape[0], a.Shape[1], b.Shape[2]]);
        return EngineValues.Takes(a, b)
            ? OnnxValue.Of(a.AsTensor().MatMul(b.AsTensor()))
            : OnnxElements.Number<ProductWork, OnnxValue>(a.Type, new ProductWork(a, b));
    }

    private readonly struct ProductWork(OnnxValue a, OnnxValue b) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            int stack = a.Shape[0], rows = a.Shape[1], depth = a.Shape[2], columns = b.Shape[2];
            T[] x = a.Data<T>(), z = b.Data<T>(), y = new T[stack * rows * columns];
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / columns, start = row / rows * depth * columns;
                T sum = T.Zero;
                for (int j = 0; j < depth; j++)
                {
                    sum += x[(row * depth) + j] * z[start + (j * columns) + (i % columns)];
                }

                y[i] = sum;
            }

            return OnnxValue.Of(y, stack, rows, columns);
        }
    }
}
