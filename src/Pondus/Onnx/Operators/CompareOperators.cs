using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Comparisons.</summary>
internal static class CompareOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("Equal", static call => Compare(call, static order => order == 0));
        table.AddWidened("Greater", static call => Compare(call, static order => order > 0));
        table.AddWidened("GreaterOrEqual", static call => Compare(call, static order => order >= 0));
        table.AddWidened("Less", static call => Compare(call, static order => order < 0));
        table.AddWidened("LessOrEqual", static call => Compare(call, static order => order <= 0));
        table.Add("Not", static call => [OnnxValue.Of(Array.ConvertAll(call.Input(0).Data<bool>(), static x => !x), call.Input(0).Shape)]);
    }

    private static OnnxValue?[] Compare(OnnxCall call, Predicate<int> test)
    {
        (OnnxValue a, OnnxValue b) = BinaryOperands.Of(call);
        return [OnnxElements.Any<Work, OnnxValue>(a.Type, new Work(a, b, Broadcast.Shape(call, a, b), test))];
    }

    private readonly struct Work(OnnxValue a, OnnxValue b, int[] shape, Predicate<int> test) : IOnnxElementVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
        {
            T[] x = Broadcast.To(a.Data<T>(), a.Shape, shape), z = Broadcast.To(b.Data<T>(), b.Shape, shape);
            bool[] y = new bool[x.Length];
            Comparer<T> comparer = Comparer<T>.Default;
            for (int i = 0; i < y.Length; i++)
            {
                // Nothing is less than, equal to or greater than what is not a number.
                bool ordered = x[i] is not (float.NaN or double.NaN) && z[i] is not (float.NaN or double.NaN);
                y[i] = ordered && test(x[i] is string text ? string.CompareOrdinal(text, z[i] as string) : comparer.Compare(x[i], z[i]));
            }

            return OnnxValue.Of(y, shape);
        }
    }
}
