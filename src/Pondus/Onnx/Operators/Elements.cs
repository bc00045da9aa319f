using System.Numerics;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Reads and makes values, by way of double.</summary>
internal static class Elements
{
    /// <summary>Runs a search on elements that have an order: numbers, truth values and texts.</summary>
    public static int[] Order<TWork>(OnnxValue x, TWork work)
        where TWork : struct, IOrderWork => x.Type switch
        {
            OnnxType.Float => work.Run(x.Data<float>()),
            OnnxType.String => work.Run(x.Data<string>()),
            OnnxType.Int64 => work.Run(x.Data<long>()),
            OnnxType.UInt64 => work.Run(x.Data<ulong>()),
            // Everything else is exact in double.
            _ => work.Run(Doubles(x)),
        };

    /// <summary>The elements as double; exact for all types but 64-bit integers beyond 2^53.</summary>
    public static double[] Doubles(OnnxValue value) => value.Type switch
    {
        OnnxType.Float => Array.ConvertAll(value.Data<float>(), static x => (double)x),
        OnnxType.Double => [.. value.Data<double>()],
        OnnxType.Float16 => Array.ConvertAll(value.Data<Half>(), static x => (double)x),
        OnnxType.BFloat16 => Array.ConvertAll(value.Data<BFloat16>(), static x => (double)(float)x),
        OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 => Array.ConvertAll(value.Data<byte>(), static x => (double)x),
        OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => Array.ConvertAll(value.Data<sbyte>(), static x => (double)x),
        OnnxType.UInt16 => Array.ConvertAll(value.Data<ushort>(), static x => (double)x),
        OnnxType.Int16 => Array.ConvertAll(value.Data<short>(), static x => (double)x),
        OnnxType.UInt32 => Array.ConvertAll(value.Data<uint>(), static x => (double)x),
        OnnxType.Int32 => Array.ConvertAll(value.Data<int>(), static x => (double)x),
        OnnxType.UInt64 => Array.ConvertAll(value.Data<ulong>(), static x => (double)x),
        OnnxType.Int64 => Array.ConvertAll(value.Data<long>(), static x => (double)x),
        OnnxType.Bool => Array.ConvertAll(value.Data<bool>(), static x => x ? 1d : 0d),
        OnnxType.Float4E2M1 => Array.ConvertAll(value.Data<byte>(), static x => (double)Codes.Float4[x & 15]),
        _ when Codes.Of(value.Type) is { } codes => Array.ConvertAll(value.Data<byte>(), x => (double)codes[x]),
        _ => throw new OnnxException($"expected numbers, got {value}."),
    };

    /// <summary>The elements as single precision, rounded where they do not fit.</summary>
    public static float[] Singles(OnnxValue value) => value.Type switch
    {
        OnnxType.Float => value.Data<float>(),
        OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 => Array.ConvertAll(value.Data<byte>(), static x => (float)x),
        OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => Array.ConvertAll(value.Data<sbyte>(), static x => (float)x),
        _ => Array.ConvertAll(Doubles(value), static x => (float)x),
    };

    /// <summary>The elements, which are integers, as 32-bit ones.</summary>
    public static int[] Ints(OnnxValue value) => value.Type switch
    {
        OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 => Array.ConvertAll(value.Data<byte>(), static x => (int)x),
        OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => Array.ConvertAll(value.Data<sbyte>(), static x => (int)x),
        OnnxType.Int32 => value.Data<int>(),
        _ => Array.ConvertAll(value.Integers(), static x => checked((int)x)),
    };

    /// <summary>The value in another type, by way of double.</summary>
    public static OnnxValue As(OnnxValue value, OnnxType type) => value.Type == type ? value : OfDoubles(type, Doubles(value), value.Shape);

    /// <summary>Makes a value of a type; integers are rounded to even and saturate.</summary>
    public static OnnxValue OfDoubles(OnnxType type, double[] values, params int[] shape) => type switch
    {
        OnnxType.Float => OnnxValue.Of(Array.ConvertAll(values, static x => (float)x), shape),
        OnnxType.Double => OnnxValue.Of(values, shape),
        OnnxType.Float16 => OnnxValue.Of(Array.ConvertAll(values, static x => (Half)x), shape),
        OnnxType.BFloat16 => OnnxValue.Of(Array.ConvertAll(values, static x => (BFloat16)(float)x), shape),
        OnnxType.UInt8 => OnnxValue.Of(Array.ConvertAll(values, static x => byte.CreateSaturating(Math.Round(x))), shape),
        OnnxType.Int8 => OnnxValue.Of(Array.ConvertAll(values, static x => sbyte.CreateSaturating(Math.Round(x))), shape),
        OnnxType.UInt4 => OnnxValue.Of(type, Array.ConvertAll(values, static x => (byte)Math.Clamp(Math.Round(x), 0, 15)), shape),
        OnnxType.Int4 => OnnxValue.Of(type, Array.ConvertAll(values, static x => (sbyte)Math.Clamp(Math.Round(x), -8, 7)), shape),
        OnnxType.UInt2 => OnnxValue.Of(type, Array.ConvertAll(values, static x => (byte)Math.Clamp(Math.Round(x), 0, 3)), shape),
        OnnxType.Int2 => OnnxValue.Of(type, Array.ConvertAll(values, static x => (sbyte)Math.Clamp(Math.Round(x), -2, 1)), shape),
        OnnxType.UInt16 => OnnxValue.Of(Array.ConvertAll(values, static x => ushort.CreateSaturating(Math.Round(x))), shape),
        OnnxType.Int16 => OnnxValue.Of(Array.ConvertAll(values, static x => short.CreateSaturating(Math.Round(x))), shape),
        OnnxType.UInt32 => OnnxValue.Of(Array.ConvertAll(values, static x => uint.CreateSaturating(Math.Round(x))), shape),
        OnnxType.Int32 => OnnxValue.Of(Array.ConvertAll(values, static x => int.CreateSaturating(Math.Round(x))), shape),
        OnnxType.UInt64 => OnnxValue.Of(Array.ConvertAll(values, static x => ulong.CreateSaturating(Math.Round(x))), shape),
        OnnxType.Int64 => OnnxValue.Of(Array.ConvertAll(values, static x => long.CreateSaturating(Math.Round(x))), shape),
        OnnxType.Bool => OnnxValue.Of(Array.ConvertAll(values, static x => x != 0), shape),
        OnnxType.Float4E2M1 => OnnxValue.Of(type, Array.ConvertAll(values, static x => Codes.Nearest(Codes.Float4, x)), shape),
        _ when Codes.Of(type) is { } codes => OnnxValue.Of(type, Array.ConvertAll(values, x => Codes.Nearest(codes, x)), shape),
        _ => throw new OnnxException($"expected a type of numbers, got {OnnxTypes.Name(type)}."),
    };
}
