using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Flax;

/// <summary>Writes MessagePack, each value in its shortest form, as the Python library does.</summary>
internal static class MsgpackWriter
{
    public static void Map(Stream stream, int count) => Head(stream, count, 0x80, 15, [(0xDE, 2), (0xDF, 4)]);

    public static void Array(Stream stream, int count) => Head(stream, count, 0x90, 15, [(0xDC, 2), (0xDD, 4)]);

    public static void Bytes(Stream stream, long count) => Head(stream, count, 0, -1, [(0xC4, 1), (0xC5, 2), (0xC6, 4)]);

    public static void Number(Stream stream, long number) => Head(stream, number, 0, 127, [(0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8)]);

    public static void Truth(Stream stream, bool value) => stream.WriteByte(value ? (byte)0xC3 : (byte)0xC2);

    public static void Text(Stream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Head(stream, bytes.Length, 0xA0, 31, [(0xD9, 1), (0xDA, 2), (0xDB, 4)]);
        stream.Write(bytes);
    }

    public static void Extension(Stream stream, int kind, long count)
    {
        const int largestFixed = 16;
        if (count is > 0 and <= largestFixed && long.IsPow2(count))
        {
            stream.WriteByte((byte)(0xD4 + long.Log2(count)));
        }
        else
        {
            Head(stream, count, 0, -1, [(0xC7, 1), (0xC8, 2), (0xC9, 4)]);
        }

        stream.WriteByte((byte)kind);
    }

    private static void Head(Stream stream, long count, int shortCode, int longestShort, ReadOnlySpan<(int Code, int Bytes)> forms)
    {
        if (count <= longestShort)
        {
            stream.WriteByte((byte)(shortCode + count));
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, count);
        foreach ((int code, int bytes) in forms)
        {
            if (bytes == sizeof(long) || count >> (8 * bytes) == 0)
            {
                stream.WriteByte((byte)code);
                stream.Write(number[^bytes..]);
                return;
            }
        }

        throw new NotSupportedException($"MessagePack: expected a size below 2^32, got {count}.");
    }
}
