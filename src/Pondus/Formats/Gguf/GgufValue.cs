using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Gguf;

/// <summary>A value of a GGUF file's metadata with its type: a number, a text, or an array of them.</summary>
/// <remarks>Kept as the bytes of the file's form, little-endian, so that copying a file keeps every bit, and a vocabulary costs its own size.</remarks>
public sealed class GgufValue
{
    private const int ShownItems = 8;

    private readonly ReadOnlyMemory<byte> _bytes;

    internal GgufValue(GgufValueType type, ReadOnlyMemory<byte> bytes, GgufValueType itemType = default, long count = 1)
    {
        Type = type;
        ItemType = itemType;
        Count = count;
        _bytes = bytes;
    }

    /// <summary>Gets the type.</summary>
    public GgufValueType Type { get; }

    /// <summary>Gets the type of an array's items; meaningless for other values.</summary>
    public GgufValueType ItemType { get; }

    /// <summary>Gets the number of an array's items; 1 for other values.</summary>
    public long Count { get; }

    /// <summary>Gets the bytes: of a number, of a text without its length, of an array's items.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Makes a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new GgufValue(GgufValueType.Text, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Makes a value of true or false.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfBoolean(bool value) => new(GgufValueType.Bool, new[] { value ? (byte)1 : (byte)0 });

    /// <summary>Makes a whole number of 32 bits without sign, GGUF's usual kind.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfUInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return new GgufValue(GgufValueType.UInt32, bytes);
    }

    /// <summary>Makes a float32.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfSingle(float value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return new GgufValue(GgufValueType.Float32, bytes);
    }

    /// <summary>Makes an array of whole numbers of 32 bits.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfInt32s(params ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return new GgufValue(GgufValueType.Array, bytes, GgufValueType.Int32, values.Length);
    }

    /// <summary>Makes an array of float32.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfSingles(params ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return new GgufValue(GgufValueType.Array, bytes, GgufValueType.Float32, values.Length);
    }

    /// <summary>Makes an array of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>The value.</returns>
    public static GgufValue OfTexts(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        using MemoryStream bytes = new();
        Span<byte> length = stackalloc byte[8];
        foreach (string text in texts)
        {
            byte[] characters = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64LittleEndian(length, characters.Length);
            bytes.Write(length);
            bytes.Write(characters);
        }

        return new GgufValue(GgufValueType.Array, bytes.ToArray(), GgufValueType.Text, texts.Count);
    }

    /// <summary>Gives a text; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="InvalidOperationException">The value is no text.</exception>
    public string AsText() => Type == GgufValueType.Text ? Encoding.UTF8.GetString(Bytes) : throw Wrong("a text");

    /// <summary>Gives true or false.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is neither.</exception>
    public bool AsBoolean() => Type == GgufValueType.Bool ? Bytes[0] != 0 : throw Wrong("true or false");

    /// <summary>Gives a whole number.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidOperationException">The value is no whole number, or one of 2^63 or more.</exception>
    public long AsInt64() => IsWhole(Type) ? Whole(Type, Bytes) : throw Wrong("a whole number");

    /// <summary>Gives a number as float64.</summary>
    /// <returns>The number; whole numbers beyond 2^53 are rounded.</returns>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public double AsDouble() => Type switch
    {
        GgufValueType.Text or GgufValueType.Array or GgufValueType.Bool => throw Wrong("a number"),
        _ => Real(Type, Bytes),
    };

    /// <summary>Gives an array of texts; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is no array of texts.</exception>
    public string[] AsTexts()
    {
        if (Type != GgufValueType.Array || ItemType != GgufValueType.Text)
        {
            throw Wrong("an array of texts");
        }

        string[] texts = new string[Count];
        ReadOnlySpan<byte> rest = Bytes;
        for (int i = 0; i < texts.Length; i++)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest);
            texts[i] = Encoding.UTF8.GetString(rest.Slice(8, length));
            rest = rest[(8 + length)..];
        }

        return texts;
    }

    /// <summary>Gives an array of whole numbers.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is no array of whole numbers, or one is 2^63 or more.</exception>
    public long[] AsInt64s() => Type == GgufValueType.Array && IsWhole(ItemType) ? Items(Whole) : throw Wrong("an array of whole numbers");

    /// <summary>Gives an array of numbers as float64.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is no array of numbers.</exception>
    public double[] AsDoubles() => Type == GgufValueType.Array && (IsWhole(ItemType) || ItemType is GgufValueType.Float32 or GgufValueType.Float64)
        ? Items(Real)
        : throw Wrong("an array of numbers");

    /// <summary>Gives an array's items, whatever they are.</summary>
    /// <param name="limit">Items at most, counted from the first.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is no array.</exception>
    public GgufValue[] AsItems(int limit = int.MaxValue)
    {
        if (Type != GgufValueType.Array)
        {
            throw Wrong("an array");
        }

        GgufValue[] items = new GgufValue[Math.Min(limit, Count)];
        int at = 0;
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Item(_bytes, ItemType, ref at);
        }

        return items;
    }

    /// <summary>Prints the value; of an array the first items and their number.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Type switch
    {
        GgufValueType.Text => AsText(),
        GgufValueType.Bool => AsBoolean() ? "true" : "false",
        GgufValueType.Float32 => ((float)AsDouble()).ToString(System.Globalization.CultureInfo.InvariantCulture),
        GgufValueType.Float64 => AsDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(Bytes).ToString(System.Globalization.CultureInfo.InvariantCulture),
        GgufValueType.Array => Count > ShownItems
            ? $"[{string.Join(", ", AsItems(ShownItems).Select(Quoted))}, ...] ({Count} items)"
            : $"[{string.Join(", ", AsItems().Select(Quoted))}]",
        _ => AsInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    // The walk that made the value has checked every length below.
    private static GgufValue Item(ReadOnlyMemory<byte> bytes, GgufValueType type, ref int at)
    {
        if (type == GgufValueType.Text)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[at..]);
            at += 8 + length;
            return new GgufValue(type, bytes.Slice(at - length, length));
        }

        if (type == GgufValueType.Array)
        {
            GgufValueType itemType = (GgufValueType)BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[at..]);
            long count = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[(at + 4)..]);
            at += 12;
            int start = at;
            Skip(bytes, itemType, count, ref at);
            return new GgufValue(type, bytes[start..at], itemType, count);
        }

        int size = GgufTypes.ValueBytes(type)!.Value;
        at += size;
        return new GgufValue(type, bytes.Slice(at - size, size));
    }

    private static void Skip(ReadOnlyMemory<byte> bytes, GgufValueType type, long count, ref int at)
    {
        if (GgufTypes.ValueBytes(type) is int size and not 0)
        {
            at += (int)(size * count);
            return;
        }

        for (long i = 0; i < count; i++)
        {
            Item(bytes, type, ref at);
        }
    }

    private static string Quoted(GgufValue value) => value.Type == GgufValueType.Text ? $"\"{value}\"" : value.ToString();

    private static bool IsWhole(GgufValueType type) =>
        type is not (GgufValueType.Float32 or GgufValueType.Float64 or GgufValueType.Bool or GgufValueType.Text or GgufValueType.Array);

    private static long Whole(GgufValueType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufValueType.UInt8 => bytes[0],
        GgufValueType.Int8 => (sbyte)bytes[0],
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufValueType.UInt64 when BinaryPrimitives.ReadUInt64LittleEndian(bytes) > long.MaxValue =>
            throw new InvalidOperationException($"GgufValue: expected a whole number below 2^63, got {BinaryPrimitives.ReadUInt64LittleEndian(bytes)}."),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    private static double Real(GgufValueType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => Whole(type, bytes),
    };

    private T[] Items<T>(Func<GgufValueType, ReadOnlySpan<byte>, T> read)
    {
        T[] items = new T[Count];
        int size = GgufTypes.ValueBytes(ItemType)!.Value;
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read(ItemType, Bytes.Slice(size * i, size));
        }

        return items;
    }

    private InvalidOperationException Wrong(string expected) =>
        new($"GgufValue: expected {expected}, got {(Type == GgufValueType.Array ? $"an array of {Count} {ItemType}" : Type.ToString())}.");
}
