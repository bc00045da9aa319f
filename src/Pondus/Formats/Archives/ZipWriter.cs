using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.Archives;

/// <summary>Writes an archive of stored members whose bytes begin at multiples of an alignment, so that they can be mapped into memory.</summary>
/// <remarks>Source: APPNOTE 6.3.10. <see cref="System.IO.Compression.ZipArchive"/> cannot align. The stream must be able to seek.</remarks>
internal sealed class ZipWriter(Stream stream, int alignment)
{
    private const ushort Version = 45;
    private const ushort Utf8Names = 1 << 11;

    // 1980-01-01, the first day that the format has: the same tensors give the same bytes.
    private const ushort FirstDay = 33;
    private const ushort PaddingId = 0x4246;
    private const int LocalBytes = 30;
    private const int LongSizesBytes = 20;

    private readonly List<(byte[] Name, uint Checksum, long Count, long Local)> _members = [];
    private readonly long _start = stream.Position;

    /// <summary>Writes a member that is in memory.</summary>
    public void Add(string name, ReadOnlyMemory<byte> bytes) => Add(name, bytes.Length, write => write(bytes.Span));

    /// <summary>Writes a member of a known number of bytes, part by part.</summary>
    public void Add(string name, long count, Action<ZipPartWriter> content)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        long local = stream.Position - _start;
        int sizes = count >= uint.MaxValue ? LongSizesBytes : 0;
        long begin = local + LocalBytes + nameBytes.Length + sizes;
        // A field of padding has four bytes of its own.
        int padding = (int)((alignment - ((begin + 4) % alignment)) % alignment);
        byte[] head = new byte[LocalBytes + nameBytes.Length + sizes + 4 + padding];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0x04034b50);
        WriteCommon(head.AsSpan(4), 0, count, nameBytes.Length, sizes + 4 + padding);
        nameBytes.CopyTo(head, LocalBytes);
        Span<byte> extra = head.AsSpan(LocalBytes + nameBytes.Length);
        if (sizes > 0)
        {
            WriteLongSizes(extra, count, count);
            extra = extra[sizes..];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(extra, PaddingId);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)padding);
        extra[4..].Fill((byte)'Z');
        stream.Write(head);
        uint checksum = 0;
        long written = 0;
        content(part =>
        {
            checksum = Crc32.Append(checksum, part);
            written += part.Length;
            stream.Write(part);
        });
        if (written != count)
        {
            throw new InvalidOperationException($"Zip member '{name}': expected {count} bytes, got {written}.");
        }

        long end = stream.Position;
        const int checksumAt = 14;
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, checksum);
        stream.Position = _start + local + checksumAt;
        stream.Write(bytes);
        stream.Position = end;
        _members.Add((nameBytes, checksum, count, local));
    }

    /// <summary>Writes the directory; nothing may be added afterwards.</summary>
    public void Finish()
    {
        const int centralBytes = 46;
        long directory = stream.Position - _start;
        foreach ((byte[] name, uint checksum, long count, long local) in _members)
        {
            bool isLong = count >= uint.MaxValue || local >= uint.MaxValue;
            int extra = isLong ? LongSizesBytes + 8 : 0;
            byte[] entry = new byte[centralBytes + name.Length + extra];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), Version);
            WriteCommon(entry.AsSpan(6), checksum, isLong ? uint.MaxValue : count, name.Length, extra);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), isLong ? uint.MaxValue : (uint)local);
            name.CopyTo(entry, centralBytes);
            if (isLong)
            {
                Span<byte> field = entry.AsSpan(centralBytes + name.Length);
                WriteLongSizes(field, count, count);
                BinaryPrimitives.WriteUInt16LittleEndian(field[2..], LongSizesBytes + 8 - 4);
                BinaryPrimitives.WriteInt64LittleEndian(field[LongSizesBytes..], local);
            }

            stream.Write(entry);
        }

        WriteEnd(directory, stream.Position - _start - directory);
    }

    private static void WriteLongSizes(Span<byte> field, long count, long stored)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(field, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(field[2..], LongSizesBytes - 4);
        BinaryPrimitives.WriteInt64LittleEndian(field[4..], count);
        BinaryPrimitives.WriteInt64LittleEndian(field[12..], stored);
    }

    // What the head of a member and its entry in the directory have in common, from the version needed on.
    private static void WriteCommon(Span<byte> fields, uint checksum, long count, int nameBytes, int extraBytes)
    {
        uint size = count >= uint.MaxValue ? uint.MaxValue : (uint)count;
        BinaryPrimitives.WriteUInt16LittleEndian(fields, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(fields[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(fields[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[10..], checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[14..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[18..], size);
        BinaryPrimitives.WriteUInt16LittleEndian(fields[22..], (ushort)nameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(fields[24..], (ushort)extraBytes);
    }

    private void WriteEnd(long directory, long size)
    {
        const int longEndBytes = 56, locatorBytes = 20, endBytes = 22;
        bool isLong = _members.Count >= ushort.MaxValue || directory >= uint.MaxValue || size >= uint.MaxValue;
        byte[] end = new byte[(isLong ? longEndBytes + locatorBytes : 0) + endBytes];
        Span<byte> record = end;
        if (isLong)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(record[4..], longEndBytes - 12);
            BinaryPrimitives.WriteUInt16LittleEndian(record[12..], Version);
            BinaryPrimitives.WriteUInt16LittleEndian(record[14..], Version);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], _members.Count);
            BinaryPrimitives.WriteInt64LittleEndian(record[32..], _members.Count);
            BinaryPrimitives.WriteInt64LittleEndian(record[40..], size);
            BinaryPrimitives.WriteInt64LittleEndian(record[48..], directory);
            Span<byte> locator = record[longEndBytes..];
            BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064b50);
            BinaryPrimitives.WriteInt64LittleEndian(locator[8..], directory + size);
            BinaryPrimitives.WriteUInt32LittleEndian(locator[16..], 1);
            record = record[(longEndBytes + locatorBytes)..];
        }

        ushort count = isLong ? ushort.MaxValue : (ushort)_members.Count;
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(record[8..], count);
        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], isLong ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], isLong ? uint.MaxValue : (uint)directory);
        stream.Write(end);
    }
}
