using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Computes float16 and bfloat16 in float32 and rounds the results, as runtimes on processors do.</summary>
internal static class OnnxWidening
{
    public static OnnxOperator Wrap(OnnxOperator operation, bool withDouble = false) => call =>
    {
        if (!call.Inputs.Any(input => input is not null && IsNarrow(input.Type, withDouble)))
        {
            return operation(call);
        }

        OnnxValue?[] outputs = operation(call.With([.. call.Inputs.Select(input => input is null ? null : Widen(input, withDouble))]));
        // The others, such as an exponent, may have another type.
        OnnxType type = call.Inputs.First(static input => input is { IsFloating: true })!.Type;
        return IsNarrow(type, withDouble) ? Array.ConvertAll(outputs, output => output?.Type == OnnxType.Float ? Narrow(output, type) : output) : outputs;
    };

    /// <summary>float16 and bfloat16 as float32, float64 too if asked; everything else as it is.</summary>
    public static OnnxValue Widen(OnnxValue value, bool withDouble = false) =>
        IsNarrow(value.Type, withDouble) ? value.Wide ??= Wide(value) : value;

    /// <summary>float32 rounded to float16 or bfloat16, or as float64.</summary>
    public static OnnxValue Narrow(OnnxValue value, OnnxType type) => type switch
    {
        OnnxType.Float16 => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (Half)x), value.Shape),
        OnnxType.Double => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (double)x), value.Shape),
        _ => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (BFloat16)x), value.Shape),
    };

    private static bool IsNarrow(OnnxType type, bool withDouble) => type is OnnxType.Float16 or OnnxType.BFloat16 || (withDouble && type == OnnxType.Double);

    private static OnnxValue Wide(OnnxValue value) => value.Type switch
    {
        OnnxType.Float16 => OnnxValue.Of(Array.ConvertAll(value.Data<Half>(), static x => (float)x), value.Shape),
        OnnxType.Double => OnnxValue.Of(Array.ConvertAll(value.Data<double>(), static x => (float)x), value.Shape),
        _ => OnnxValue.Of(Array.ConvertAll(value.Data<BFloat16>(), static x => (float)x), value.Shape),
    };
}
