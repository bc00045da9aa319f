namespace Pondus.Formats.Safetensors;

/// <summary>The element types of safetensors 0.8, in the order its writer gives them: the last are written first.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Code, string DataType)[] s_types =
    [
        ("BOOL", "bool"),
        ("F4", "float4_e2m1fn"),
        ("F6_E2M3", "float6_e2m3fn"),
        ("F6_E3M2", "float6_e3m2fn"),
        ("U8", "uint8"),
        ("I8", "int8"),
        ("F8_E5M2", "float8_e5m2"),
        ("F8_E4M3", "float8_e4m3fn"),
        ("F8_E8M0", "float8_e8m0fnu"),
        ("F8_E4M3FNUZ", "float8_e4m3fnuz"),
        ("F8_E5M2FNUZ", "float8_e5m2fnuz"),
        ("I16", "int16"),
        ("U16", "uint16"),
        ("F16", "float16"),
        ("BF16", "bfloat16"),
        ("I32", "int32"),
        ("U32", "uint32"),
        ("F32", "float32"),
        ("C64", "complex64"),
        ("F64", "float64"),
        ("I64", "int64"),
        ("U64", "uint64"),
    ];

    /// <summary>Gives the type of a code such as <c>F32</c>, or null.</summary>
    internal static string? DataType(string code)
    {
        int index = Array.FindIndex(s_types, type => string.Equals(type.Code, code, StringComparison.Ordinal));
        return index < 0 ? null : s_types[index].DataType;
    }

    /// <summary>Gives the code and the rank in the writer's order, or null for a type that the format does not know.</summary>
    internal static (string Code, int Rank)? Code(string dataType)
    {
        int index = Array.FindIndex(s_types, type => string.Equals(type.DataType, dataType, StringComparison.Ordinal));
        return index < 0 ? null : (s_types[index].Code, index);
    }
}
