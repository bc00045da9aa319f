namespace Pondus.Formats.Onnx;

/// <summary>Numbers of the fields of TensorProto that hold numbers by type.</summary>
internal static class OnnxFields
{
    public const int FloatData = 4;
    public const int Int32Data = 5;
    public const int Int64Data = 7;
    public const int DoubleData = 10;
    public const int UInt64Data = 11;

    /// <summary>The field that holds a type when raw_data does not.</summary>
    public static int Of(OnnxType type) => type switch
    {
        OnnxType.Float or OnnxType.Complex64 => FloatData,
        OnnxType.Double or OnnxType.Complex128 => DoubleData,
        OnnxType.Int64 => Int64Data,
        OnnxType.UInt32 or OnnxType.UInt64 => UInt64Data,
        _ => Int32Data,
    };
}
