namespace Pondus.Formats.Gguf;

/// <summary>The numbers that GGUF gives to element types, and the sizes of its metadata values.</summary>
internal static class GgufTypes
{
    private static readonly (int Id, string DataType)[] s_types =
    [
        (0, "float32"),
        (1, "float16"),
        (2, "q4_0"),
        (3, "q4_1"),
        (6, "q5_0"),
        (7, "q5_1"),
        (8, "q8_0"),
        (9, "q8_1"),
        (10, "q2_k"),
        (11, "q3_k"),
        (12, "q4_k"),
        (13, "q5_k"),
        (14, "q6_k"),
        (15, "q8_k"),
        (16, "iq2_xxs"),
        (17, "iq2_xs"),
        (18, "iq3_xxs"),
        (19, "iq1_s"),
        (20, "iq4_nl"),
        (21, "iq3_s"),
        (22, "iq2_s"),
        (23, "iq4_xs"),
        (24, "int8"),
        (25, "int16"),
        (26, "int32"),
        (27, "int64"),
        (28, "float64"),
        (29, "iq1_m"),
        (30, "bfloat16"),
        (34, "tq1_0"),
        (35, "tq2_0"),
        (39, "mxfp4"),
        (40, "nvfp4"),
        (41, "q1_0"),
    ];

    /// <summary>Gives the element type of a number, or null for one that is not known.</summary>
    internal static string? DataType(uint id)
    {
        int index = Array.FindIndex(s_types, type => (uint)type.Id == id);
        return index < 0 ? null : s_types[index].DataType;
    }

    /// <summary>Gives the number of an element type, or null for one that GGUF does not have.</summary>
    internal static int? Id(string dataType)
    {
        int index = Array.FindIndex(s_types, type => string.Equals(type.DataType, dataType, StringComparison.Ordinal));
        return index < 0 ? null : s_types[index].Id;
    }

    /// <summary>Gives the bytes of a metadata value, 0 for texts and arrays, null for a type that is not known.</summary>
    internal static int? ValueBytes(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        GgufValueType.Text or GgufValueType.Array => 0,
        _ => null,
    };
}
