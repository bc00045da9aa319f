namespace Pondus.Formats.Onnx;

/// <summary>Element types with the numbers of ONNX's TensorProto, and the kinds of values that are no tensors.</summary>
public enum OnnxType
{
    /// <summary>No type was given.</summary>
    Undefined = 0,

    /// <summary>float32.</summary>
    Float = 1,

    /// <summary>uint8.</summary>
    UInt8 = 2,

    /// <summary>int8.</summary>
    Int8 = 3,

    /// <summary>uint16.</summary>
    UInt16 = 4,

    /// <summary>int16.</summary>
    Int16 = 5,

    /// <summary>int32.</summary>
    Int32 = 6,

    /// <summary>int64.</summary>
    Int64 = 7,

    /// <summary>Texts.</summary>
    String = 8,

    /// <summary>bool, a byte each.</summary>
    Bool = 9,

    /// <summary>IEEE half precision.</summary>
    Float16 = 10,

    /// <summary>float64.</summary>
    Double = 11,

    /// <summary>uint32.</summary>
    UInt32 = 12,

    /// <summary>uint64.</summary>
    UInt64 = 13,

    /// <summary>Two float32.</summary>
    Complex64 = 14,

    /// <summary>Two float64.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a float32.</summary>
    BFloat16 = 16,

    /// <summary>8 bits, 4 of exponent, no infinities.</summary>
    Float8E4M3FN = 17,

    /// <summary>8 bits, 4 of exponent, one zero, no infinities.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8 bits, 5 of exponent.</summary>
    Float8E5M2 = 19,

    /// <summary>8 bits, 5 of exponent, one zero, no infinities.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>Unsigned 4-bit integers, two a byte in files.</summary>
    UInt4 = 21,

    /// <summary>Signed 4-bit integers, two a byte in files.</summary>
    Int4 = 22,

    /// <summary>4 bits, 2 of exponent, two a byte in files.</summary>
    Float4E2M1 = 23,

    /// <summary>8 bits of exponent: powers of two.</summary>
    Float8E8M0 = 24,

    /// <summary>Unsigned 2-bit integers, four a byte in files.</summary>
    UInt2 = 25,

    /// <summary>Signed 2-bit integers, four a byte in files.</summary>
    Int2 = 26,

    /// <summary>A list of values; no TensorProto number.</summary>
    Sequence = 256,

    /// <summary>A value or none; no TensorProto number.</summary>
    Optional = 257,

    /// <summary>Keys and values; no TensorProto number.</summary>
    Map = 258,
}
