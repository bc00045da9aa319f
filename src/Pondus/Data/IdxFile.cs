using System.Buffers.Binary;
using System.IO.Compression;

namespace Pondus.Data;

/// <summary>An IDX file (the format of MNIST), plain or gzip-compressed, read whole.</summary>
/// <remarks>
/// <para>Bytes: two zeros, the element type, the rank, each size (uint32, big-endian), the values (big-endian).</para>
/// <para>Memory grows with the data that is really there, not with the sizes that the file claims.</para>
/// <para>Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", section File formats.</para>
/// </remarks>
public sealed class IdxFile
{
    private readonly byte[] _data;

    private IdxFile(string path, IdxType type, Shape shape, byte[] data)
    {
        Path = path;
        Type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>Gets the path as it was given.</summary>
    public string Path { get; }

    /// <summary>Gets the element type.</summary>
    public IdxType Type { get; }

    /// <summary>Gets the sizes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the values as the file has them: row-major, big-endian.</summary>
    public ReadOnlySpan<byte> Data => _data;

    /// <summary>Reads a file; whether it is compressed is seen from its content.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its sizes and values.</returns>
    /// <exception cref="DataFormatException">The file is not IDX, cut short, or longer than its sizes say.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static IdxFile Load(string path)
    {
        using FileStream file = DataFile.Open(path);
        int first = file.ReadByte(), second = file.ReadByte();
        file.Position = 0;
        if (first != 0x1F || second != 0x8B)
        {
            return Read(path, file, file.Length);
        }

        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        try
        {
            return Read(path, unpacked, length: null);
        }
        catch (InvalidDataException error)
        {
            throw new DataFormatException(path, ": expected gzip data, got a damaged stream. The file is cut short or changed.", error);
        }
    }

    /// <summary>Gives the values as float32.</summary>
    /// <returns>A new array, row-major.</returns>
    public float[] ToSingle()
    {
        float[] values = new float[Shape.Count];
        ReadOnlySpan<byte> data = _data;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                IdxType.UInt8 => data[i],
                IdxType.Int8 => (sbyte)data[i],
                IdxType.Int16 => BinaryPrimitives.ReadInt16BigEndian(data[(2 * i)..]),
                IdxType.Int32 => BinaryPrimitives.ReadInt32BigEndian(data[(4 * i)..]),
                IdxType.Single => BinaryPrimitives.ReadSingleBigEndian(data[(4 * i)..]),
                _ => (float)BinaryPrimitives.ReadDoubleBigEndian(data[(8 * i)..]),
            };
        }

        return values;
    }

    /// <summary>Gives the values as int32.</summary>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="DataFormatException">The file has floating-point values.</exception>
    public int[] ToInt32()
    {
        int[] values = new int[Shape.Count];
        ReadOnlySpan<byte> data = _data;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                IdxType.UInt8 => data[i],
                IdxType.Int8 => (sbyte)data[i],
                IdxType.Int16 => BinaryPrimitives.ReadInt16BigEndian(data[(2 * i)..]),
                IdxType.Int32 => BinaryPrimitives.ReadInt32BigEndian(data[(4 * i)..]),
                _ => throw new DataFormatException(Path, $": expected whole numbers, got {Type}."),
            };
        }

        return values;
    }

    private static IdxFile Read(string path, Stream stream, long? length)
    {
        Span<byte> head = stackalloc byte[4];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || head[0] != 0 || head[1] != 0
            || !Enum.IsDefined((IdxType)head[2]))
        {
            throw new DataFormatException(path, ": expected an IDX file (bytes 0, 0, type, rank), got something else.");
        }

        IdxType type = (IdxType)head[2];
        int rank = head[3];
        if (rank is 0 or > Shape.MaxRank)
        {
            throw new DataFormatException(path, $": expected an IDX file of 1 to {Shape.MaxRank} axes, got {rank}.");
        }

        Shape shape = ReadShape(path, stream, rank);
        long expected = (long)shape.Count * ElementBytes(type), headerBytes = 4 + (4 * rank);
        if (length is long fileBytes && fileBytes != headerBytes + expected)
        {
            throw WrongLength(path, shape, type, expected, fileBytes - headerBytes);
        }

        byte[] data = ReadData(stream, expected);
        if (data.Length != expected || stream.ReadByte() >= 0)
        {
            throw WrongLength(path, shape, type, expected, data.Length == expected ? null : data.Length);
        }

        return new IdxFile(path, type, shape, data);
    }

    private static Shape ReadShape(string path, Stream stream, int rank)
    {
        Span<byte> bytes = stackalloc byte[4 * Shape.MaxRank];
        bytes = bytes[..(4 * rank)];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new DataFormatException(path, $": expected {rank} sizes, got the end of the file. It is cut short.");
        }

        int[] sizes = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * i)..]);
            // At most 2^31 values of 8 bytes: the product of two such numbers fits a long.
            count = size > int.MaxValue ? long.MaxValue : count * size;
            if (count > Array.MaxLength / 8)
            {
                throw new DataFormatException(path, $": expected at most {Array.MaxLength / 8} values, got sizes beyond that, {size} at axis {i}.");
            }

            sizes[i] = (int)size;
        }

        return new Shape(sizes);
    }

    private static byte[] ReadData(Stream stream, long expected)
    {
        const int firstBytes = 1 << 20;
        byte[] data = new byte[Math.Min(expected, firstBytes)];
        int filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(data.AsSpan(filled), data.Length - filled, throwOnEndOfStream: false);
            if (filled < data.Length)
            {
                return data[..filled];
            }

            if (filled == expected)
            {
                return data;
            }

            Array.Resize(ref data, (int)Math.Min(expected, 2L * data.Length));
        }
    }

    private static DataFormatException WrongLength(string path, Shape shape, IdxType type, long expected, long? got)
    {
        string cure = got is null || got > expected ? "There are bytes after the last value." : "The file is cut short.";
        return new DataFormatException(path, $": expected {expected} bytes for {shape} of {type}, got {(got is null ? "more" : got.ToString())}. {cure}");
    }

    private static int ElementBytes(IdxType type) => type switch
    {
        IdxType.UInt8 or IdxType.Int8 => 1,
        IdxType.Int16 => 2,
        IdxType.Int32 or IdxType.Single => 4,
        _ => 8,
    };
}
