using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Chooses the .NET type of an element type at run time: one implementation serves all.</summary>
internal static class OnnxElements
{
    /// <summary>Visits with the array type of any element type.</summary>
    public static TResult Any<TVisitor, TResult>(OnnxType type, TVisitor visitor)
        where TVisitor : struct, IOnnxElementVisitor<TResult> => type switch
        {
            OnnxType.Float => visitor.Visit<float>(),
            OnnxType.Double => visitor.Visit<double>(),
            OnnxType.Float16 => visitor.Visit<Half>(),
            OnnxType.BFloat16 => visitor.Visit<BFloat16>(),
            OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 or OnnxType.Float4E2M1 => visitor.Visit<byte>(),
            OnnxType.Float8E4M3FN or OnnxType.Float8E4M3FNUZ or OnnxType.Float8E5M2 or OnnxType.Float8E5M2FNUZ or OnnxType.Float8E8M0 => visitor.Visit<byte>(),
            OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => visitor.Visit<sbyte>(),
            OnnxType.UInt16 => visitor.Visit<ushort>(),
            OnnxType.Int16 => visitor.Visit<short>(),
            OnnxType.UInt32 => visitor.Visit<uint>(),
            OnnxType.Int32 => visitor.Visit<int>(),
            OnnxType.UInt64 => visitor.Visit<ulong>(),
            OnnxType.Int64 => visitor.Visit<long>(),
            OnnxType.Bool => visitor.Visit<bool>(),
            OnnxType.String => visitor.Visit<string>(),
            OnnxType.Complex64 or OnnxType.Complex128 => visitor.Visit<Complex>(),
            _ => throw new OnnxException($"expected a tensor, got {OnnxTypes.Name(type)}."),
        };

    /// <summary>Visits with the type of a number that .NET can compute with: float32, float64, integers from 8 bits; float16 comes widened.</summary>
    public static TResult Number<TVisitor, TResult>(OnnxType type, TVisitor visitor)
        where TVisitor : struct, IOnnxNumberVisitor<TResult> => type switch
        {
            OnnxType.Float => visitor.Visit<float>(),
            OnnxType.Double => visitor.Visit<double>(),
            OnnxType.UInt8 => visitor.Visit<byte>(),
            OnnxType.Int8 => visitor.Visit<sbyte>(),
            OnnxType.UInt16 => visitor.Visit<ushort>(),
            OnnxType.Int16 => visitor.Visit<short>(),
            OnnxType.UInt32 => visitor.Visit<uint>(),
            OnnxType.Int32 => visitor.Visit<int>(),
            OnnxType.UInt64 => visitor.Visit<ulong>(),
            OnnxType.Int64 => visitor.Visit<long>(),
            _ => throw new OnnxException($"expected numbers, got {OnnxTypes.Name(type)}."),
        };
}
