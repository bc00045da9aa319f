namespace Pondus.Formats.PyTorch;

/// <summary>PyTorch's element types and storage classes, and the names that Pondus uses for them.</summary>
internal static class TorchTypes
{
    // Name in Pondus, PyTorch's dtype, its storage class, bytes of an element. Types without a class of their own are stored untyped.
    private static readonly (string DataType, string Torch, string? Storage, int Bytes)[] s_types =
    [
        ("float32", "float32", "FloatStorage", 4),
        ("float64", "float64", "DoubleStorage", 8),
        ("float16", "float16", "HalfStorage", 2),
        ("bfloat16", "bfloat16", "BFloat16Storage", 2),
        ("int64", "int64", "LongStorage", 8),
        ("int32", "int32", "IntStorage", 4),
        ("int16", "int16", "ShortStorage", 2),
        ("int8", "int8", "CharStorage", 1),
        ("uint8", "uint8", "ByteStorage", 1),
        ("bool", "bool", "BoolStorage", 1),
        ("complex64", "complex64", "ComplexFloatStorage", 8),
        ("complex128", "complex128", "ComplexDoubleStorage", 16),
        ("int8", "qint8", "QInt8Storage", 1),
        ("uint8", "quint8", "QUInt8Storage", 1),
        ("int32", "qint32", "QInt32Storage", 4),
        ("uint16", "uint16", null, 2),
        ("uint32", "uint32", null, 4),
        ("uint64", "uint64", null, 8),
        ("complex32", "complex32", null, 4),
        ("float8_e4m3fn", "float8_e4m3fn", null, 1),
        ("float8_e4m3fnuz", "float8_e4m3fnuz", null, 1),
        ("float8_e5m2", "float8_e5m2", null, 1),
        ("float8_e5m2fnuz", "float8_e5m2fnuz", null, 1),
        ("float8_e8m0fnu", "float8_e8m0fnu", null, 1),
        ("float4_e2m1fn", "float4_e2m1fn_x2", null, 1),
        ("float32", "float", null, 4),
        ("float64", "double", null, 8),
        ("float16", "half", null, 2),
        ("int64", "long", null, 8),
        ("int32", "int", null, 4),
        ("int16", "short", null, 2),
        ("complex64", "cfloat", null, 8),
        ("complex128", "cdouble", null, 16),
    ];

    /// <summary>Gives the type of a dtype such as <c>torch.bfloat16</c>, or null.</summary>
    internal static (string DataType, int Bytes)? OfGlobal(string name)
    {
        int index = Array.FindIndex(s_types, type => name.StartsWith("torch.", StringComparison.Ordinal) && name.AsSpan(6).SequenceEqual(type.Torch));
        return index < 0 ? null : (s_types[index].DataType, s_types[index].Bytes);
    }

    /// <summary>Gives the type of a storage class such as <c>torch.FloatStorage</c>; bytes for an untyped one; null if it is not known.</summary>
    internal static (string DataType, int Bytes)? OfStorage(string name)
    {
        if (name is "torch.storage.UntypedStorage" or "torch.UntypedStorage")
        {
            return ("uint8", 1);
        }

        int dot = name.LastIndexOf('.');
        int index = name[..Math.Max(0, dot)] is "torch" or "torch.cuda" or "torch.storage"
            ? Array.FindIndex(s_types, type => type.Storage is not null && name.AsSpan(dot + 1).SequenceEqual(type.Storage))
            : -1;
        return index < 0 ? null : (s_types[index].DataType, s_types[index].Bytes);
    }

    internal static bool IsStorage(string name) => OfStorage(name) is not null;

    /// <summary>Gives how PyTorch names a type when it writes it: the dtype, and its storage class or null; null for a type that it has not.</summary>
    internal static (string Torch, string? Storage, int Bytes)? Writing(string dataType)
    {
        int index = Array.FindIndex(s_types, type => type.DataType == dataType);
        return index < 0 ? null : (s_types[index].Torch, s_types[index].Storage, s_types[index].Bytes);
    }
}
