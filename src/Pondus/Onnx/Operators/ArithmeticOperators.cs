using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Arithmetic of two or more operands.</summary>
internal static class ArithmeticOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("Add", static call => Two<AddFunction>(call, static (a, b) => a + b));
        table.AddWidened("Sub", static call => Two<SubtractFunction>(call, static (a, b) => a - b));
        table.AddWidened("Mul", static call => Two<MultiplyFunction>(call, static (a, b) => a * b));
        table.AddWidened("Div", static call => Two<DivideFunction>(call, static (a, b) => a / b));
        table.AddWidened("Mod", static call => call.Int("fmod", 0) != 0 ? Two<RemainderFunction>(call, null) : Two<ModuloFunction>(call, null));
        table.AddWidened("Pow", Power);
        table.AddWidened("Sum", static call => Many<AddFunction>(call, static (a, b) => a + b));
        table.AddWidened("Max", static call => Many<MaximumFunction>(call, static (a, b) => a.Maximum(b)));
        table.AddWidened("Min", static call => Many<MinimumFunction>(call, static (a, b) => a.Minimum(b)));
        table.AddWidened("Mean", Mean);
        table.AddWidened("Where", Where);
    }

    private static OnnxValue?[] Two<TFunction>(OnnxCall call, Func<Tensor, Tensor, Tensor>? engine)
        where TFunction : struct, INumberFunction
    {
        (OnnxValue a, OnnxValue b) = BinaryOperands.Of(call);
        return [Apply<TFunction>(call, a, b, engine)];
    }

    private static OnnxValue?[] Many<TFunction>(OnnxCall call, Func<Tensor, Tensor, Tensor> engine)
        where TFunction : struct, INumberFunction
    {
        OnnxValue result = call.Input(0);
        for (int i = 1; i < call.Inputs.Count; i++)
        {
            result = Apply<TFunction>(call, result, call.Input(i), engine);
        }

        return [result];
    }

    private static OnnxValue?[] Mean(OnnxCall call)
    {
        OnnxValue sum = Many<AddFunction>(call, static (a, b) => a + b)[0]!;
        OnnxValue count = Elements.OfDoubles(sum.Type, [call.Inputs.Count]);
        return [Apply<DivideFunction>(call, sum, count.Reshaped(), static (a, b) => a / b)];
    }

    private static OnnxValue Apply<TFunction>(OnnxCall call, OnnxValue a, OnnxValue b, Func<Tensor, Tensor, Tensor>? engine)
        where TFunction : struct, INumberFunction
    {
        int[] shape = Broadcast.Shape(call, a, b);
        return engine is not null && EngineValues.Takes(a, b)
            ? OnnxValue.Of(engine(a.AsTensor(), b.AsTensor()))
            : OnnxElements.Number<Work<TFunction>, OnnxValue>(a.Type, new Work<TFunction>(a, b, shape));
    }

    private static OnnxValue?[] Power(OnnxCall call)
    {
        (OnnxValue a, OnnxValue b) = BinaryOperands.Of(call);
        int[] shape = Broadcast.Shape(call, a, b);
        if (EngineValues.Takes(a) && b.Count > 0 && b.Rank <= Shape.MaxRank)
        {
            OnnxValue exponent = b.Type == OnnxType.Float ? b : OnnxValue.Of(Elements.Singles(b), b.Shape);
            return [OnnxValue.Of(a.AsTensor().Power(exponent.AsTensor()))];
        }

        double[] x = Broadcast.To(Elements.Doubles(a), a.Shape, shape), p = Broadcast.To(Elements.Doubles(b), b.Shape, shape), y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Math.Pow(x[i], p[i]);
        }

        return [Elements.OfDoubles(a.Type, a.IsFloating ? y : Array.ConvertAll(y, Math.Truncate), shape)];
    }

    private static OnnxValue?[] Where(OnnxCall call)
    {
        OnnxValue condition = call.Input(0), a = call.Input(1), b = call.Input(2);
        if (a.Type != b.Type)
        {
            throw call.Error($"expected choices of one type, got {a} and {b}.");
        }

        int[] shape = Broadcast.Shape(call, condition, a, b);
        bool[] mask = Broadcast.To(condition.Data<bool>(), condition.Shape, shape);
        if (EngineValues.IsRecording && EngineValues.Takes(a, b) && mask.Length > 0)
        {
            // Both choices side by side, so that an infinite one that is not taken leaves no trace.
            Tensor ones = Tensor.Ones(new Shape(shape));
            Tensor both = Tensor.Concatenate(0, (a.AsTensor() * ones).Reshape([mask.Length]), (b.AsTensor() * ones).Reshape([mask.Length]));
            int[] places = new int[mask.Length];
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = mask[i] ? i : mask.Length + i;
            }

            return [EngineValues.Pick(OnnxValue.Of(both), shape, places)];
        }

        return [OnnxElements.Any<WhereWork, OnnxValue>(a.Type, new WhereWork(mask, a, b, shape))];
    }

    private interface INumberFunction
    {
        static abstract T Apply<T>(T a, T b)
            where T : INumber<T>;
    }

    private readonly struct Work<TFunction>(OnnxValue a, OnnxValue b, int[] shape) : IOnnxNumberVisitor<OnnxValue>
        where TFunction : struct, INumberFunction
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] x = Broadcast.To(a.Data<T>(), a.Shape, shape), z = Broadcast.To(b.Data<T>(), b.Shape, shape), y = new T[x.Length];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = TFunction.Apply(x[i], z[i]);
            }

            return OnnxValue.Of(a.Type, y, shape);
        }
    }

    private readonly struct WhereWork(bool[] mask, OnnxValue a, OnnxValue b, int[] shape) : IOnnxElementVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
        {
            T[] x = Broadcast.To(a.Data<T>(), a.Shape, shape), z = Broadcast.To(b.Data<T>(), b.Shape, shape), y = new T[mask.Length];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = mask[i] ? x[i] : z[i];
            }

            return OnnxValue.Of(a.Type, y, shape);
        }
    }

    private readonly struct AddFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => a + b;
    }

    private readonly struct SubtractFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => a - b;
    }

    private readonly struct MultiplyFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => a * b;
    }

    private readonly struct DivideFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => a / b;
    }

    private readonly struct RemainderFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => a % b;
    }

    /// <summary>The sign is that of the divisor, as in Python.</summary>
    private readonly struct ModuloFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T>
        {
            T rest = a % b;
            return rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
        }
    }

    private readonly struct MaximumFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => T.Max(a, b);
    }

    private readonly struct MinimumFunction : INumberFunction
    {
        public static T Apply<T>(T a, T b)
            where T : INumber<T> => T.Min(a, b);
    }
}
