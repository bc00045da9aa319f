using System.Numerics;

namespace Pondus.Onnx.Operators;

/// <summary>Logic on truth values and on bits.</summary>
internal static class LogicOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("And", static call => Logic(call, static (a, b) => a & b));
        table.Add("Or", static call => Logic(call, static (a, b) => a | b));
        table.Add("Xor", static call => Logic(call, static (a, b) => a ^ b));
        table.Add("BitwiseAnd", static call => Bits(call, static (a, b) => a & b));
        table.Add("BitwiseOr", static call => Bits(call, static (a, b) => a | b));
        table.Add("BitwiseXor", static call => Bits(call, static (a, b) => a ^ b));
        table.Add("BitwiseNot", static call => Bits(call, call.Input(0), null, static (a, _) => ~a));
        table.Add("BitShift", static call => call.Text("direction", "") switch
        {
            "LEFT" => Bits(call, static (a, b) => b < 64 ? a << (int)b : 0),
            "RIGHT" => Bits(call, static (a, b) => b < 64 ? a >> (int)b : 0),
            string direction => throw call.Error($"expected direction LEFT or RIGHT, got '{direction}'."),
        });
        table.Add("IsNaN", static call => Test(call, double.IsNaN));
        table.Add("IsInf", static call =>
        {
            bool negative = call.Int("detect_negative", 1) != 0, positive = call.Int("detect_positive", 1) != 0;
            return Test(call, x => (negative && double.IsNegativeInfinity(x)) || (positive && double.IsPositiveInfinity(x)));
        });
    }

    private static OnnxValue?[] Logic(OnnxCall call, Func<bool, bool, bool> function)
    {
        (OnnxValue a, OnnxValue b) = BinaryOperands.Of(call);
        int[] shape = Broadcast.Shape(call, a, b);
        bool[] x = Broadcast.To(a.Data<bool>(), a.Shape, shape), z = Broadcast.To(b.Data<bool>(), b.Shape, shape), y = new bool[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = function(x[i], z[i]);
        }

        return [OnnxValue.Of(y, shape)];
    }

    private static OnnxValue?[] Bits(OnnxCall call, Func<ulong, ulong, ulong> function) => Bits(call, call.Input(0), call.Input(1), function);

    /// <summary>Bits of all widths are those of 64, cut: shifts to the right are of unsigned integers.</summary>
    private static OnnxValue?[] Bits(OnnxCall call, OnnxValue a, OnnxValue? b, Func<ulong, ulong, ulong> function)
    {
        if (b is not null && b.Type != a.Type)
        {
            throw call.Error($"expected integers of one type, got {a} and {b}.");
        }

        return [OnnxElements.Number<BitWork, OnnxValue>(a.Type, new BitWork(a, b ?? a, b is null ? a.Shape : Broadcast.Shape(call, a, b), function))];
    }

    private static OnnxValue?[] Test(OnnxCall call, Func<double, bool> test) =>
        [OnnxValue.Of(Array.ConvertAll(Elements.Doubles(call.Input(0)), x => test(x)), call.Input(0).Shape)];

    private readonly struct BitWork(OnnxValue a, OnnxValue b, int[] shape, Func<ulong, ulong, ulong> function) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T[] x = Broadcast.To(a.Data<T>(), a.Shape, shape), z = Broadcast.To(b.Data<T>(), b.Shape, shape), y = new T[x.Length];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.CreateTruncating(function(ulong.CreateTruncating(x[i]), ulong.CreateTruncating(z[i])));
            }

            return OnnxValue.Of(y, shape);
        }
    }
}
