namespace Pondus.Formats.Onnx;

/// <summary>Names of ONNX's element types.</summary>
public static class OnnxTypes
{
    private static readonly (OnnxType Type, string Name)[] s_names =
    [
        (OnnxType.Float, "float32"),
        (OnnxType.UInt8, "uint8"),
        (OnnxType.Int8, "int8"),
        (OnnxType.UInt16, "uint16"),
        (OnnxType.Int16, "int16"),
        (OnnxType.Int32, "int32"),
        (OnnxType.Int64, "int64"),
        (OnnxType.Bool, "bool"),
        (OnnxType.Float16, "float16"),
        (OnnxType.Double, "float64"),
        (OnnxType.UInt32, "uint32"),
        (OnnxType.UInt64, "uint64"),
        (OnnxType.Complex64, "complex64"),
        (OnnxType.Complex128, "complex128"),
        (OnnxType.BFloat16, "bfloat16"),
        (OnnxType.Float8E4M3FN, "float8_e4m3fn"),
        (OnnxType.Float8E4M3FNUZ, "float8_e4m3fnuz"),
        (OnnxType.Float8E5M2, "float8_e5m2"),
        (OnnxType.Float8E5M2FNUZ, "float8_e5m2fnuz"),
        (OnnxType.UInt4, "uint4"),
        (OnnxType.Int4, "int4"),
        (OnnxType.Float4E2M1, "float4_e2m1fn"),
        (OnnxType.Float8E8M0, "float8_e8m0fnu"),
        (OnnxType.UInt2, "uint2"),
        (OnnxType.Int2, "int2"),
    ];

    /// <summary>Gives the name that NumPy and ml_dtypes have for a type, <c>string</c> for texts, and words for the rest.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name.</returns>
    public static string Name(OnnxType type) => type switch
    {
        OnnxType.String => "string",
        OnnxType.Sequence => "sequence",
        OnnxType.Optional => "optional",
        OnnxType.Map => "map",
        _ => DataType(type) ?? $"type {(int)type}",
    };

    /// <summary>Gives the type of a name such as <c>float32</c>, or Undefined.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The type.</returns>
    public static OnnxType Find(string name) => Array.Find(s_names, pair => string.Equals(pair.Name, name, StringComparison.Ordinal)).Type;

    /// <summary>Gives the name of a numeric type, or null.</summary>
    internal static string? DataType(OnnxType type) => Array.Find(s_names, pair => pair.Type == type).Name;
}
