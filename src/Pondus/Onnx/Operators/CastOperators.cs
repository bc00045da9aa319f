using System.Globalization;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators that change the element type.</summary>
internal static class CastOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Cast", static call => [Cast(call, call.Input(0), call.ElementType("to", OnnxType.Undefined))]);
        table.Add("CastLike", static call => [Cast(call, call.Input(0), call.Input(1).Type)]);
    }

    private static OnnxValue Cast(OnnxCall call, OnnxValue x, OnnxType to)
    {
        if (x.Type == to)
        {
            return x;
        }

        if (to == OnnxType.String)
        {
            return OnnxValue.Of(x.Type == OnnxType.Int64 ? Array.ConvertAll(x.Data<long>(), static i => i.ToString(CultureInfo.InvariantCulture)) : Array.ConvertAll(Elements.Doubles(x), v => Text(v, x.Type)), x.Shape);
        }

        if (x.Type == OnnxType.String)
        {
            return Elements.OfDoubles(to, Array.ConvertAll(x.Data<string>(), text => Number(call, text)), x.Shape);
        }

        // Integers keep their low bits, whatever their width.
        if (!x.IsFloating && x.Type is not (OnnxType.Bool or OnnxType.Float4E2M1) && Codes.Of(x.Type) is null && Integer(x.Integers(), to, x.Shape) is { } integers)
        {
            return integers;
        }

        if (to == OnnxType.Float && x.Type is OnnxType.Float16 or OnnxType.BFloat16)
        {
            return OnnxWidening.Widen(x);
        }

        if (x.Type == OnnxType.Float && to is OnnxType.Float16 or OnnxType.BFloat16)
        {
            return OnnxWidening.Narrow(x, to);
        }

        double[] values = Elements.Doubles(x);
        bool toInteger = !(to is OnnxType.Float or OnnxType.Double or OnnxType.Float16 or OnnxType.BFloat16 or OnnxType.Bool or OnnxType.Float4E2M1) && Codes.Of(to) is null;
        return Elements.OfDoubles(to, toInteger ? Array.ConvertAll(values, Math.Truncate) : values, x.Shape);
    }

    private static OnnxValue? Integer(long[] x, OnnxType to, int[] shape) => to switch
    {
        OnnxType.Int64 => OnnxValue.Of(x, shape),
        OnnxType.Int32 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((int)i)), shape),
        OnnxType.Int16 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((short)i)), shape),
        OnnxType.Int8 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((sbyte)i)), shape),
        OnnxType.UInt64 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((ulong)i)), shape),
        OnnxType.UInt32 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((uint)i)), shape),
        OnnxType.UInt16 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((ushort)i)), shape),
        OnnxType.UInt8 => OnnxValue.Of(Array.ConvertAll(x, static i => unchecked((byte)i)), shape),
        OnnxType.Int4 => OnnxValue.Of(to, Array.ConvertAll(x, static i => (sbyte)((sbyte)(i << 4) >> 4)), shape),
        OnnxType.UInt4 => OnnxValue.Of(to, Array.ConvertAll(x, static i => (byte)(i & 15)), shape),
        OnnxType.Int2 => OnnxValue.Of(to, Array.ConvertAll(x, static i => (sbyte)((sbyte)(i << 6) >> 6)), shape),
        OnnxType.UInt2 => OnnxValue.Of(to, Array.ConvertAll(x, static i => (byte)(i & 3)), shape),
        _ => null,
    };

    // As NumPy prints numbers: the shortest text that reads back as the same.
    private static string Text(double value, OnnxType type) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "INF",
        double.NegativeInfinity => "-INF",
        _ when type == OnnxType.Float => ((float)value).ToString(CultureInfo.InvariantCulture),
        _ when type == OnnxType.Float16 => ((Half)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static double Number(OnnxCall call, string text) => text.ToUpperInvariant() switch
    {
        "INF" or "+INF" or "INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        "NAN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw call.Error($"expected numbers, got '{text}'."),
    };
}
