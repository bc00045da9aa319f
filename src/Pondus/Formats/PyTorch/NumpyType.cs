namespace Pondus.Formats.PyTorch;

/// <summary>The element type of a pickled NumPy array: filled in two steps, as NumPy writes it.</summary>
internal sealed class NumpyType(string code)
{
    public string Code { get; } = code;

    public bool IsBigEndian { get; set; }

    /// <summary>Gets the name of the type, or null for one that is no number.</summary>
    public string? DataType => Code switch
    {
        "f2" => "float16",
        "f4" => "float32",
        "f8" => "float64",
        "i1" => "int8",
        "i2" => "int16",
        "i4" => "int32",
        "i8" => "int64",
        "u1" => "uint8",
        "u2" => "uint16",
        "u4" => "uint32",
        "u8" => "uint64",
        "b1" => "bool",
        "c8" => "complex64",
        "c16" => "complex128",
        "bfloat16" => "bfloat16",
        _ => null,
    };
}
