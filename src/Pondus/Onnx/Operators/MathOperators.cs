using Pondus.Formats.Onnx;
using Pondus.Kernels;

namespace Pondus.Onnx.Operators;

/// <summary>Functions of one operand.</summary>
internal static class MathOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("Neg", static call => [Exact(call.Input(0), static x => -x, static x => -x, static x => unchecked(-x))]);
        table.AddWidened("Abs", static call => [Exact(call.Input(0), static x => x.Absolute(), Math.Abs, static x => x < 0 ? unchecked(-x) : x)]);
        FunctionTables.Add(table, "Sqrt", static x => x.SquareRoot(), Math.Sqrt);
        FunctionTables.Add(table, "Exp", static x => x.Exponential(), Math.Exp);
        FunctionTables.Add(table, "Log", static x => x.Logarithm(), Math.Log);
        FunctionTables.Add(table, "Sin", static x => x.Sine(), Math.Sin);
        FunctionTables.Add(table, "Cos", static x => x.Cosine(), Math.Cos);
        FunctionTables.Add(table, "Reciprocal", static x => x.Reciprocal(), static x => 1 / x);
        FunctionTables.Add(table, "Floor", null, Math.Floor);
        FunctionTables.Add(table, "Ceil", null, Math.Ceiling);
        FunctionTables.Add(table, "Round", null, static x => Math.Round(x, MidpointRounding.ToEven));
        FunctionTables.Add(table, "Erf", static x => UnaryOperation.Apply(UnaryKind.ErrorFunction, x), ErrorFunction);
        table.AddWidened("Clip", Clip);
    }

    private static OnnxValue Exact(OnnxValue x, Func<Tensor, Tensor> engine, Func<double, double> function, Func<long, long> integer) => x.Type == OnnxType.Int64
        ? OnnxValue.Of(Array.ConvertAll(x.Data<long>(), value => integer(value)), x.Shape)
        : FunctionTables.Map(x, engine, function);

    private static OnnxValue?[] Clip(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        double least = call.Opset < 11 ? call.Float("min", float.NegativeInfinity) : call.Optional(1) is { Count: > 0 } a ? call.Number(a) : double.NegativeInfinity;
        double most = call.Opset < 11 ? call.Float("max", float.PositiveInfinity) : call.Optional(2) is { Count: > 0 } b ? call.Number(b) : double.PositiveInfinity;
        if (EngineValues.Takes(x))
        {
            Tensor y = x.AsTensor();
            y = least == 0 && most == 6 ? y.Relu6() : least == 0 ? y.Relu() : double.IsNegativeInfinity(least) ? y : y.Maximum(Tensor.Full([], (float)least));
            return [OnnxValue.Of(double.IsPositiveInfinity(most) || (least == 0 && most == 6) ? y : y.Minimum(Tensor.Full([], (float)most)))];
        }

        return [FunctionTables.Map(x, null, value => Math.Min(Math.Max(value, least), most))];
    }

    /// <summary>erf x = 2/sqrt(pi) times the integral of e^-t^2, by its series or its continued fraction.</summary>
    private static double ErrorFunction(double x)
    {
        double size = Math.Abs(x);
        if (size > 6)
        {
            return Math.Sign(x);
        }

        if (size < 2.5)
        {
            double sum = x, term = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = 0;
        for (int n = 60; n >= 1; n--)
        {
            fraction = n / 2.0 / (size + fraction);
        }

        double tail = Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (size + fraction);
        return Math.Sign(x) * (1 - tail);
    }
}
