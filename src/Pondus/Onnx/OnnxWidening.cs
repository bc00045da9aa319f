using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Computes float16 and bfloat16 in float32 and rounds the results, as runtimes on processors do.</summary>
internal static class OnnxWidening
{
    public static OnnxOperator Wrap(OnnxOperator operation, bool withDouble = false) => call =>
    {
        OnnxType narrow = OnnxType.Undefined;
        foreach (OnnxValue? input in call.Inputs)
        {
            if (input?.Type is OnnxType.Float16 or OnnxType.BFloat16 || (withDouble && input?.Type == OnnxType.Double))
            {
                narrow = input!.Type;
                break;
            }
        }

        if (narrow == OnnxType.Undefined)
        {
            return operation(call);
        }

        OnnxValue?[] outputs = operation(call.With([.. call.Inputs.Select(input => input is null ? null : Widen(input, withDouble))]));
        return Array.ConvertAll(outputs, output => output?.Type == OnnxType.Float ? Narrow(output, narrow) : output);
    };

    /// <summary>float16 and bfloat16 as float32, float64 too if asked; everything else as it is.</summary>
    public static OnnxValue Widen(OnnxValue value, bool withDouble = false) =>
        value.Type is OnnxType.Float16 or OnnxType.BFloat16 || (withDouble && value.Type == OnnxType.Double) ? value.Wide ??= Wide(value) : value;

    /// <summary>float32 rounded to float16 or bfloat16, or as float64.</summary>
    public static OnnxValue Narrow(OnnxValue value, OnnxType type) => type switch
    {
        OnnxType.Float16 => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (Half)x), value.Shape),
        OnnxType.Double => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (double)x), value.Shape),
        _ => OnnxValue.Of(Array.ConvertAll(value.Data<float>(), static x => (BFloat16)x), value.Shape),
    };

    private static OnnxValue Wide(OnnxValue value) => value.Type switch
    {
        OnnxType.Float16 => OnnxValue.Of(Array.ConvertAll(value.Data<Half>(), static x => (float)x), value.Shape),
        OnnxType.Double => OnnxValue.Of(Array.ConvertAll(value.Data<double>(), static x => (float)x), value.Shape),
        _ => OnnxValue.Of(Array.ConvertAll(value.Data<BFloat16>(), static x => (float)x), value.Shape),
    };
}
