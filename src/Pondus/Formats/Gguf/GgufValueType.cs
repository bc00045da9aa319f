namespace Pondus.Formats.Gguf;

/// <summary>The kinds of values in a GGUF file's metadata; the numbers are those of the format.</summary>
public enum GgufValueType
{
    /// <summary>A whole number from 0 to 255.</summary>
    UInt8 = 0,

    /// <summary>A whole number from -128 to 127.</summary>
    Int8 = 1,

    /// <summary>A whole number of 16 bits without sign.</summary>
    UInt16 = 2,

    /// <summary>A whole number of 16 bits with sign.</summary>
    Int16 = 3,

    /// <summary>A whole number of 32 bits without sign.</summary>
    UInt32 = 4,

    /// <summary>A whole number of 32 bits with sign.</summary>
    Int32 = 5,

    /// <summary>A float32.</summary>
    Float32 = 6,

    /// <summary>True or false, in one byte.</summary>
    Bool = 7,

    /// <summary>A text in UTF-8.</summary>
    Text = 8,

    /// <summary>Items of one type, which may be arrays again.</summary>
    Array = 9,

    /// <summary>A whole number of 64 bits without sign.</summary>
    UInt64 = 10,

    /// <summary>A whole number of 64 bits with sign.</summary>
    Int64 = 11,

    /// <summary>A float64.</summary>
    Float64 = 12,
}
