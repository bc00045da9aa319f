using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>From numbers to integer steps and back.</summary>
internal static class QuantizeOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("QuantizeLinear", Quantize);
        table.Add("DequantizeLinear", Dequantize);
        table.Add("DynamicQuantizeLinear", DynamicQuantize);
        table.Add(MicrosoftOperators.Domain, "QuantizeLinear", Quantize);
        table.Add(MicrosoftOperators.Domain, "DequantizeLinear", Dequantize);
    }

    /// <summary>Chooses scale and zero point so that 0 and the extremes of x fit 8 bits, and quantizes with them.</summary>
    internal static (byte[] Steps, float Scale, byte Zero) Dynamic(ReadOnlySpan<float> x)
    {
        float least = 0, largest = 0;
        foreach (float value in x)
        {
            least = MathF.Min(least, value);
            largest = MathF.Max(largest, value);
        }

        float scale = largest > least ? (largest - least) / 255 : 1, zero = Math.Clamp(MathF.Round(-least / scale), 0, 255);
        byte[] steps = new byte[x.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = (byte)Math.Clamp(MathF.Round(x[i] / scale) + zero, 0, 255);
        }

        return (steps, scale, (byte)zero);
    }

    private static OnnxValue?[] Quantize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        OnnxValue? zero = call.Optional(2);
        OnnxType type = zero?.Type ?? call.ElementType("output_dtype", OnnxType.UInt8);
        if (call.Int("saturate", 1) == 0 && Codes.Of(type) is not null)
        {
            throw call.Error($"expected {OnnxTypes.Name(type)} that saturates, got saturate 0.");
        }

        return [Of(call, type, zero).Quantize(Elements.Singles(x), x.Shape)];
    }

    private static OnnxValue?[] Dequantize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        OnnxType type = call.ElementType("output_dtype", call.Input(1).Type);
        float[] y = Of(call, x.Type, call.Optional(2)).Dequantize(x);
        return [type == OnnxType.Float ? OnnxValue.Of(y, x.Shape) : OnnxWidening.Narrow(OnnxValue.Of(y, x.Shape), type)];
    }

    private static OnnxValue?[] DynamicQuantize(OnnxCall call)
    {
        (byte[] steps, float scale, byte zero) = Dynamic(Elements.Singles(call.Input(0)));
        return [OnnxValue.Of(steps, call.Input(0).Shape), OnnxValue.Scalar(scale), OnnxValue.Scalar(zero)];
    }

    private static Quantization Of(OnnxCall call, OnnxType type, OnnxValue? zero) =>
        Quantization.Of(call, type, call.Input(1), zero, call.Input(0).Shape, call.Int("axis", 1), call.Int("block_size", 0));
}
