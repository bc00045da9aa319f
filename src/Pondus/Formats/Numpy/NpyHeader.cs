using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Numpy;

/// <summary>The head of an .npy file or of a member of an .npz archive: type, order and sizes.</summary>
/// <param name="Fields">The fields of an element; of a plain array one without a name.</param>
/// <param name="RecordBytes">Bytes of an element with all its fields.</param>
/// <param name="IsFortran">Whether the first axis varies fastest.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="DataStart">Offset of the first element.</param>
internal sealed record NpyHeader(IReadOnlyList<NpyField> Fields, long RecordBytes, bool IsFortran, long[] Shape, long DataStart)
{
    private const int PrefixBytes = 8;
    private const int MaxHeaderBytes = 1 << 20;

    /// <summary>What an array begins with.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads and checks a head. Errors say what was expected; the caller knows of what.</summary>
    /// <exception cref="NpyException">It breaks a rule.</exception>
    public static NpyHeader Read(WeightBytesReader reader, long length)
    {
        byte[] prefix = Part(reader, length, 0, PrefixBytes);
        if (!prefix.AsSpan().StartsWith(Magic))
        {
            throw prefix[0] == 0x80
                ? new NpyException(WeightRemarkKind.Threat, "expected an array, got a pickle: Python would run code to read it. Nothing was run.")
                : new NpyException(WeightRemarkKind.Skipped, "expected an array, got other content.");
        }

        int version = prefix[Magic.Length], lengthBytes = version == 1 ? sizeof(ushort) : sizeof(uint);
        if (version is < 1 or > 3)
        {
            throw new NpyException(WeightRemarkKind.Refused, $"expected version 1 to 3 of the format, got {version}.");
        }

        byte[] size = Part(reader, length, PrefixBytes, lengthBytes);
        long headerBytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (headerBytes > MaxHeaderBytes)
        {
            throw new NpyException(WeightRemarkKind.Refused, $"expected a header of at most {MaxHeaderBytes} bytes, got {headerBytes}.");
        }

        long start = PrefixBytes + lengthBytes;
        byte[] header = Part(reader, length, start, (int)headerBytes);
        return Parse((version < 3 ? Encoding.Latin1 : Encoding.UTF8).GetString(header), start + headerBytes);
    }

    private static byte[] Part(WeightBytesReader reader, long length, long offset, int count)
    {
        if (length - offset < count)
        {
            throw new NpyException(WeightRemarkKind.Refused, $"expected {count} bytes of a header from {offset}, got {Math.Max(0, length - offset)}. It is cut short.");
        }

        byte[] bytes = new byte[count];
        reader(offset, bytes);
        return bytes;
    }

    private static NpyHeader Parse(string text, long dataStart)
    {
        if (PythonLiteral.Parse(text) is not Dictionary<string, object> header
            || !header.TryGetValue("descr", out object? type)
            || !header.TryGetValue("fortran_order", out object? order) || order is not bool isFortran
            || !header.TryGetValue("shape", out object? sizes) || Sizes(sizes) is not { } shape)
        {
            throw new NpyException(WeightRemarkKind.Refused, "expected a header with descr, fortran_order and shape, got another.");
        }

        List<NpyField> fields = [];
        long recordBytes = NpyField.AddAll(fields, string.Empty, type, 0, []);
        return WeightTypes.TryCount(shape, out long count) && (recordBytes == 0 || count <= long.MaxValue / recordBytes)
            ? new NpyHeader(fields, recordBytes, isFortran, shape, dataStart)
            : throw new NpyException(WeightRemarkKind.Refused, $"expected sizes whose product is below 2^63 bytes, got ({string.Join(", ", shape)}).");
    }

    /// <summary>Reads sizes; null when a value is no tuple of numbers from 0.</summary>
    internal static long[]? Sizes(object value) => value switch
    {
        long one and >= 0 => [one],
        List<object> list when list.TrueForAll(static size => size is long and >= 0) => [.. list.Cast<long>()],
        _ => null,
    };
}
