using System.Buffers.Binary;
using System.IO.Compression;

namespace Pondus.Formats.Hdf5;

/// <summary>The filters that chunks have passed, and how to undo them.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section IV.A.2.l; LZF: the layout of liblzf's compressed blocks.</remarks>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher = 3;
    private const int Lzf = 32000;
    private const int ChecksumBytes = 4;

    private readonly List<(int Id, uint[] Settings)> _filters = [];

    /// <summary>Gets whether there are none.</summary>
    public bool IsEmpty => _filters.Count == 0;

    /// <summary>Reads the list of filters; one that cannot be undone is refused by name.</summary>
    internal static Hdf5Filters Read(Hdf5Source source, Hdf5Message message)
    {
        const int named = 256;
        Hdf5Filters filters = new();
        Hdf5Cursor cursor = message.Open(source, "a list of filters");
        int version = cursor.U8(), count = cursor.U8();
        cursor.Skip(version == 1 ? 6 : 0);
        for (int i = 0; i < count; i++)
        {
            int id = cursor.U16();
            int nameBytes = version == 1 || id >= named ? cursor.U16() : 0;
            cursor.U16();
            int settingCount = cursor.U16();
            string name = Hdf5Attribute.Text(cursor.Take(version == 1 ? (nameBytes + 7) & ~7 : nameBytes));
            uint[] settings = new uint[settingCount];
            for (int k = 0; k < settingCount; k++)
            {
                settings[k] = cursor.U32();
            }

            cursor.Skip(version == 1 && settingCount % 2 != 0 ? sizeof(uint) : 0);
            if (id is not (Deflate or Shuffle or Fletcher or Lzf))
            {
                throw new Hdf5UnsupportedException($"expected the filters gzip, shuffle, fletcher32 or lzf, got {Name(id, name)}");
            }

            filters._filters.Add((id, settings));
        }

        return filters;
    }

    /// <summary>Undoes the filters of a chunk.</summary>
    internal byte[] Undo(Hdf5Source source, byte[] stored, uint mask, int chunkBytes, int elementBytes, long address)
    {
        byte[] bytes = stored;
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            if ((mask & (1u << i)) == 0)
            {
                bytes = UndoOne(source, _filters[i].Id, _filters[i].Settings, bytes, chunkBytes, elementBytes, address);
            }
        }

        return bytes.Length == chunkBytes
            ? bytes
            : throw source.Error(address, $"expected a chunk of {chunkBytes} bytes, got {bytes.Length}. It is damaged.");
    }

    private static string Name(int id, string name)
    {
        const int szip = 4, bits = 5, scale = 6;
        string known = id switch
        {
            szip => "szip",
            bits => "nbit",
            scale => "scaleoffset",
            _ => name.Length > 0 ? name : "an unknown one",
        };
        return $"{known} ({id})";
    }

    private static byte[] UndoOne(Hdf5Source source, int id, uint[] settings, byte[] bytes, int chunkBytes, int elementBytes, long address) => id switch
    {
        Deflate => Inflate(source, bytes, chunkBytes + ChecksumBytes, address),
        Shuffle => Unshuffle(bytes, settings.Length > 0 && settings[0] is > 0 and <= int.MaxValue ? (int)settings[0] : elementBytes),
        Lzf => Unpack(source, bytes, chunkBytes, address),
        _ => Check(source, bytes, address),
    };

    private static byte[] Inflate(Hdf5Source source, byte[] bytes, int most, long address)
    {
        // gzip makes at most 1,032 bytes of one: a chunk that claims more will not be had, and costs no memory.
        const long mostPerByte = 1032;
        byte[] result = new byte[Math.Min(most, mostPerByte * (bytes.Length + 1L))];
        try
        {
            using ZLibStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
            int count = stream.ReadAtLeast(result, result.Length, throwOnEndOfStream: false);
            return count == result.Length && stream.ReadByte() >= 0
                ? throw source.Error(address, $"expected a chunk of at most {most} bytes, got more. It is damaged.")
                : result[..count];
        }
        catch (InvalidDataException)
        {
            throw source.Error(address, "expected a chunk compressed with gzip, got other bytes. It is damaged.");
        }
    }

    private static byte[] Unshuffle(byte[] bytes, int elementBytes)
    {
        int count = bytes.Length / elementBytes;
        if (elementBytes == 1 || count <= 1)
        {
            return bytes;
        }

        byte[] result = new byte[bytes.Length];
        for (int k = 0; k < elementBytes; k++)
        {
            ReadOnlySpan<byte> plane = bytes.AsSpan(k * count, count);
            for (int i = 0; i < count; i++)
            {
                result[(i * elementBytes) + k] = plane[i];
            }
        }

        // What does not fill an element was left at the end.
        bytes.AsSpan(count * elementBytes).CopyTo(result.AsSpan(count * elementBytes));
        return result;
    }

    private static byte[] Check(Hdf5Source source, byte[] bytes, long address)
    {
        if (bytes.Length < ChecksumBytes)
        {
            throw source.Error(address, $"expected a chunk with a checksum, got {bytes.Length} bytes. It is damaged.");
        }

        byte[] data = bytes[..^ChecksumBytes];
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(data.Length));
        uint computed = Hdf5Checksums.Fletcher32(data);
        // HDF5 before 1.6.3 wrote the bytes of each half in the other order.
        uint turned = ((computed & 0x00ff00ff) << 8) | ((computed & 0xff00ff00) >> 8);
        return stored == computed || stored == turned
            ? data
            : throw source.Error(address, $"expected a chunk with the checksum {stored:x8}, got bytes with {computed:x8}. It is damaged.");
    }

    private static byte[] Unpack(Hdf5Source source, byte[] bytes, int chunkBytes, long address)
    {
        const int literals = 32, longRun = 7;
        byte[] result = new byte[chunkBytes];
        int from = 0, to = 0;
        try
        {
            while (from < bytes.Length)
            {
                int control = bytes[from++];
                if (control < literals)
                {
                    bytes.AsSpan(from, control + 1).CopyTo(result.AsSpan(to));
                    from += control + 1;
                    to += control + 1;
                    continue;
                }

                int length = control >> 5;
                length = length == longRun ? longRun + bytes[from++] : length;
                int start = to - ((control & 0x1f) << 8) - bytes[from++] - 1;
                // The part copied may run into itself: byte by byte.
                for (int i = 0; i < length + 2; i++)
                {
                    result[to++] = result[start++];
                }
            }
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException)
        {
            throw source.Error(address, $"expected a chunk of {chunkBytes} bytes compressed with lzf, got other bytes. It is damaged.");
        }

        return result[..to];
    }
}
