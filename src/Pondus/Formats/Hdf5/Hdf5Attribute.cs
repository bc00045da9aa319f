using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pondus.Formats.Hdf5;

/// <summary>A named value of a group or data set: texts or numbers, each as text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Values">The values in their order.</param>
/// <param name="IsScalar">Whether it is one value and no list.</param>
/// <param name="IsText">Whether the values are texts.</param>
internal sealed record Hdf5Attribute(string Name, IReadOnlyList<string> Values, bool IsScalar, bool IsText)
{
    /// <summary>Gives one text: the value itself, or a JSON array.</summary>
    public string ToText()
    {
        if (IsScalar && Values.Count == 1)
        {
            return Values[0];
        }

        IEnumerable<string> items = IsText ? Values.Select(static value => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"") : Values;
        return $"[{string.Join(", ", items)}]";
    }

    /// <summary>Reads one value of a numeric type as text.</summary>
    internal static string? Number(Hdf5Type type, ReadOnlySpan<byte> bytes)
    {
        Span<byte> little = stackalloc byte[bytes.Length];
        bytes.CopyTo(little);
        if (type.IsBigEndian)
        {
            little.Reverse();
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        return type.DataType switch
        {
            "bool" => little[0] == 0 ? "false" : "true",
            "int8" => ((sbyte)little[0]).ToString(culture),
            "uint8" => little[0].ToString(culture),
            "int16" => BinaryPrimitives.ReadInt16LittleEndian(little).ToString(culture),
            "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(little).ToString(culture),
            "int32" => BinaryPrimitives.ReadInt32LittleEndian(little).ToString(culture),
            "uint32" => BinaryPrimitives.ReadUInt32LittleEndian(little).ToString(culture),
            "int64" => BinaryPrimitives.ReadInt64LittleEndian(little).ToString(culture),
            "uint64" => BinaryPrimitives.ReadUInt64LittleEndian(little).ToString(culture),
            "float16" => BinaryPrimitives.ReadHalfLittleEndian(little).ToString(culture),
            "float32" => BinaryPrimitives.ReadSingleLittleEndian(little).ToString(culture),
            "float64" => BinaryPrimitives.ReadDoubleLittleEndian(little).ToString(culture),
            _ => null,
        };
    }

    /// <summary>Reads a text that ends at its first zero.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
