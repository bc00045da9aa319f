using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Functions of one number, by way of double, and the determinant.</summary>
internal static class FunctionOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Acos", static call => Map(call, Math.Acos));
        table.Add("Acosh", static call => Map(call, Math.Acosh));
        table.Add("Asin", static call => Map(call, Math.Asin));
        table.Add("Asinh", static call => Map(call, Math.Asinh));
        table.Add("Atan", static call => Map(call, Math.Atan));
        table.Add("Atanh", static call => Map(call, Math.Atanh));
        table.Add("Cosh", static call => Map(call, Math.Cosh));
        table.Add("Sinh", static call => Map(call, Math.Sinh));
        table.Add("Tan", static call => Map(call, Math.Tan));
        table.Add("Sign", static call => Map(call, static x => double.IsNaN(x) ? x : Math.Sign(x)));
        table.Add("Shrink", static call =>
        {
            double limit = call.Float("lambd", 0.5f), bias = call.Float("bias", 0);
            return Map(call, x => x < -limit ? x + bias : x > limit ? x - bias : 0);
        });
        table.Add("Det", Determinant);
    }

    internal static OnnxValue?[] Map(OnnxCall call, Func<double, double> function)
    {
        OnnxValue x = call.Input(0);
        return [Elements.OfDoubles(x.Type, Array.ConvertAll(Elements.Doubles(x), value => function(value)), x.Shape)];
    }

    /// <summary>Determinants of a stack of square matrices, by elimination with pivots.</summary>
    private static OnnxValue?[] Determinant(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank < 2 || x.Shape[^1] != x.Shape[^2])
        {
            throw call.Error($"expected square matrices, got {x}.");
        }

        int size = x.Shape[^1];
        double[] values = Elements.Doubles(x), results = new double[Movement.Count(x.Shape.AsSpan(..^2))];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Determinant(values.AsSpan(i * size * size, size * size), size);
        }

        return [Elements.OfDoubles(x.Type, results, x.Shape[..^2])];
    }

    private static double Determinant(Span<double> a, int size)
    {
        double result = 1;
        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < size; row++)
            {
                pivot = Math.Abs(a[(row * size) + column]) > Math.Abs(a[(pivot * size) + column]) ? row : pivot;
            }

            double head = a[(pivot * size) + column];
            if (head == 0)
            {
                return 0;
            }

            result *= pivot == column ? head : -head;
            for (int i = column; i < size; i++)
            {
                (a[(pivot * size) + i], a[(column * size) + i]) = (a[(column * size) + i], a[(pivot * size) + i]);
            }

            for (int row = column + 1; row < size; row++)
            {
                double factor = a[(row * size) + column] / head;
                for (int i = column; i < size; i++)
                {
                    a[(row * size) + i] -= factor * a[(column * size) + i];
                }
            }
        }

        return result;
    }
}
