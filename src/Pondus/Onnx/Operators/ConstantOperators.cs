using System.Numerics;
using System.Text;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators that make values out of settings.</summary>
internal static class ConstantOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Constant", Constant);
        table.Add("ConstantOfShape", OfShape);
        table.Add("Range", Range);
        table.Add("OneHot", OneHot);
    }

    private static OnnxValue?[] Constant(OnnxCall call)
    {
        foreach (OnnxAttribute attribute in call.Node.Attributes)
        {
            OnnxValue? value = attribute.Name switch
            {
                "value" => call.TensorOf("value"),
                "sparse_value" when attribute.SparseTensor is { } sparse => OnnxTensorReader.Read(sparse),
                "value_float" => OnnxValue.Scalar(attribute.Float),
                "value_floats" => OnnxValue.Of(attribute.Floats, attribute.Floats.Length),
                "value_int" => OnnxValue.Scalar(attribute.Int),
                "value_ints" => OnnxValue.Of(attribute.Ints, attribute.Ints.Length),
                "value_string" => OnnxValue.Scalar(attribute.Text),
                "value_strings" => OnnxValue.Of(Array.ConvertAll(attribute.Strings, Encoding.UTF8.GetString), attribute.Strings.Length),
                _ => null,
            };
            if (value is not null)
            {
                return [value];
            }
        }

        throw call.Error("expected a value, got none.");
    }

    private static OnnxValue?[] OfShape(OnnxCall call)
    {
        int[] shape = Array.ConvertAll(call.Input(0).Integers(), size => call.Size(size));
        int count = call.Product(shape);
        OnnxValue value = call.TensorOf("value") ?? OnnxValue.Of([0f], 1);
        return value.Count == 1
            ? [Movement.Pick(value, shape, new int[count])]
            : throw call.Error($"expected a single value, got {value}.");
    }

    private static OnnxValue?[] Range(OnnxCall call)
    {
        OnnxValue start = call.Input(0), limit = call.Input(1), step = call.Input(2);
        double from = call.Number(start), to = call.Number(limit), delta = call.Number(step);
        double count = Math.Max(0, Math.Ceiling((to - from) / delta));
        if (!double.IsFinite(count))
        {
            throw call.Error($"expected a step that leads from {from} to {to}, got {delta}.");
        }

        int size = call.Size(count < Array.MaxLength ? (long)count : long.MaxValue);
        return start.Type is OnnxType.Float or OnnxType.Double
            ? [Elements.OfDoubles(start.Type, [.. Enumerable.Range(0, size).Select(i => from + (i * delta))], size)]
            : [OnnxElements.Number<RangeWork, OnnxValue>(start.Type, new RangeWork(start, step, size))];
    }

    private static OnnxValue?[] OneHot(OnnxCall call)
    {
        OnnxValue indices = call.Input(0), values = call.Input(2);
        int depth = call.Size((long)call.Number(call.Input(1))), axis = call.Axis(call.Int("axis", -1), indices.Rank + 1);
        int[] shape = [.. indices.Shape[..axis], depth, .. indices.Shape[axis..]];
        int[] from = new int[call.Product(shape)];
        long[] hot = Array.ConvertAll(Elements.Doubles(indices), static index => (long)index);
        int inner = Movement.Count(indices.Shape.AsSpan(axis));
        for (int i = 0; i < hot.Length; i++)
        {
            long index = hot[i] < 0 ? hot[i] + depth : hot[i];
            if (index >= 0 && index < depth)
            {
                from[(((i / inner * depth) + index) * inner) + (i % inner)] = 1;
            }
        }

        return [Movement.Pick(values, shape, from)];
    }

    private readonly struct RangeWork(OnnxValue start, OnnxValue step, int count) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] y = new T[count];
            T value = start.Data<T>()[0], delta = step.Data<T>()[0];
            for (int i = 0; i < y.Length; i++, value += delta)
            {
                y[i] = value;
            }

            return OnnxValue.Of(y, count);
        }
    }
}
