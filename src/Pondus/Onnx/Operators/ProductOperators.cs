using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Matrix products.</summary>
internal static class ProductOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("MatMul", static call => [MatMul(call, call.Input(0), call.Input(1), 1)]);
        table.AddWidened("Gemm", Gemm);
    }

    private static OnnxValue MatMul(OnnxCall call, OnnxValue a, OnnxValue b, int weight)
    {
        if (!EngineValues.Takes(a, b))
        {
            return OnnxElements.Number<Work, OnnxValue>(a.Type, new Work(a, b, new MatMulPlan(call, a, b)));
        }

        if (!EngineValues.IsRecording && a.Rank > 0 && b.Rank == 2 && a.Shape[^1] == b.Shape[0] && StableParameters.Of(call, weight) is { } parameter)
        {
            return OnnxValue.Of(LinearOperation.ApplyPacked(a.AsTensor(), Packed(call, parameter, inputsFirst: true), null, relu: false));
        }

        return OnnxValue.Of(a.AsTensor().MatMul(b.AsTensor()));
    }

    private static OnnxValue?[] Gemm(OnnxCall call)
    {
        OnnxValue a = call.Input(0), b = call.Input(1);
        OnnxValue? c = call.Optional(2);
        float alpha = call.Float("alpha", 1f), beta = call.Float("beta", 1f);
        bool transposeA = call.Int("transA", 0) != 0, transposeB = call.Int("transB", 0) != 0;
        if (a.Rank != 2 || b.Rank != 2)
        {
            throw call.Error($"expected matrices, got {a} and {b}.");
        }

        if (!EngineValues.Takes(a, b) || (c is not null && !EngineValues.Takes(c)))
        {
            return [Plain(call, a, b, c, transposeA, transposeB, alpha, beta)];
        }

        bool isPlain = !transposeA && alpha == 1f && a.Shape[1] == b.Shape[transposeB ? 1 : 0];
        Parameter? weight = isPlain ? StableParameters.Of(call, 1) : null;
        Parameter? bias = c is { Rank: 1 } && beta == 1f && c.Count == b.Shape[transposeB ? 0 : 1] ? StableParameters.Of(call, 2) : null;
        bool relu = weight is not null && (c is null || bias is not null) && (transposeB || !EngineValues.IsRecording) && call.Relu is { } wish && wish.Take();
        Tensor y;
        if (weight is not null && !EngineValues.IsRecording)
        {
            y = LinearOperation.ApplyPacked(a.AsTensor(), Packed(call, weight, !transposeB), bias, relu);
        }
        else if (weight is not null && transposeB)
        {
            y = LinearOperation.Apply(a.AsTensor(), weight, bias, relu);
        }
        else
        {
            y = a.AsTensor().MatMul(b.AsTensor(), transposeA, transposeB);
            bias = null;
        }

        y = alpha == 1f ? y : y * alpha;
        return [OnnxValue.Of(c is null || bias is not null || beta == 0f ? y : y + (beta == 1f ? c.AsTensor() : c.AsTensor() * beta))];
    }

    private static OnnxValue Plain(OnnxCall call, OnnxValue a, OnnxValue b, OnnxValue? c, bool transposeA, bool transposeB, float alpha, float beta)
    {
        OnnxValue x = transposeA ? Movement.Transposed(a) : a, w = transposeB ? Movement.Transposed(b) : b;
        OnnxValue y = OnnxElements.Number<Work, OnnxValue>(a.Type, new Work(x, w, new MatMulPlan(call, x, w)));
        double[] product = Elements.Doubles(y);
        double[] addend = c is null ? new double[product.Length] : Broadcast.To(Elements.Doubles(c), c.Shape, y.Shape);
        return Elements.OfDoubles(a.Type, [.. product.Select((value, i) => (alpha * value) + (beta * addend[i]))], y.Shape);
    }

    /// <summary>The weight laid out for the kernel, anew when it has changed or is another.</summary>
    private static PackedWeight Packed(OnnxCall call, Parameter weight, bool inputsFirst)
    {
        PackedSlot<PackedWeight> slot = call.Cached("packed", static () => new PackedSlot<PackedWeight>());
        return slot.Find(weight) ?? slot.Keep(weight, weight.Node.Version, new PackedWeight(weight, inputsFirst));
    }

    private readonly struct Work(OnnxValue a, OnnxValue b, MatMulPlan plan) : IOnnxNumberVisitor<OnnxValue>
    {
        public OnnxValue Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => OnnxValue.Of(a.Type, plan.Multiply(a.Data<T>(), b.Data<T>()), plan.Shape);
    }
}
