using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pondus.Formats.Archives;

/// <summary>The central directory of a zip archive: where the bytes of each member lie. Nothing is extracted to the disk.</summary>
/// <remarks>
/// Reads what weights come in: stored and deflated members, the 64-bit extension, sizes given in the central directory only.
/// Refuses encryption, other methods, archives over several disks, two members of one name, and members that overlap or leave the file.
/// Source: APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.5.3. <see cref="ZipArchive"/> does not say where bytes lie.
/// </remarks>
internal sealed class ZipIndex
{
    private const int EndBytes = 22;
    private const int LocalBytes = 30;
    private const int CentralBytes = 46;
    private readonly RandomAccessFile _file;
    private readonly Dictionary<string, ZipMember> _byName;
    private readonly InflatedMembers _inflated = new();

    public ZipIndex(RandomAccessFile file)
    {
        _file = file;
        (long offset, long size, long count) = FindDirectory();
        byte[] directory = file.ReadBytes(offset, size, "the archive's directory");
        List<ZipMember> members = [];
        _byName = new Dictionary<string, ZipMember>(StringComparer.Ordinal);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            ZipMember? member = ReadMember(directory, ref at, offset);
            if (member is null)
            {
                continue;
            }

            if (!_byName.TryAdd(member.Name, member))
            {
                throw Error(offset, $"member '{member.Name}': expected each name once, got it twice.");
            }

            members.Add(member);
        }

        Members = members;
        CheckOverlap(offset);
    }

    public IReadOnlyList<ZipMember> Members { get; }

    public ZipMember? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Gives a reader of a member's content. A deflated one is best read from front to back.</summary>
    public WeightBytesReader Reader(ZipMember member) => member.IsDeflated
        ? new InflatedMember(_file, member, _inflated).Read
        : (offset, destination) => _file.Read(member.DataOffset + offset, destination);

    /// <summary>Reads a whole member, such as an archive's table of contents.</summary>
    public byte[] ReadAll(ZipMember member, int limit)
    {
        if (member.ByteCount > limit)
        {
            throw Error(member.DataOffset, $"member '{member.Name}': expected at most {limit} bytes, got {member.ByteCount}.");
        }

        byte[] bytes = new byte[member.ByteCount];
        Reader(member)(0, bytes);
        return bytes;
    }

    private (long Offset, long Size, long Count) FindDirectory()
    {
        const int longestComment = ushort.MaxValue;
        int tailBytes = (int)Math.Min(_file.Length, EndBytes + longestComment);
        byte[] tail = _file.ReadBytes(_file.Length - tailBytes, tailBytes, "the archive's end");
        int end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || tail.Length - end < EndBytes)
        {
            throw Error(_file.Length, "expected the directory of a zip archive at its end, got none. The file is cut short.");
        }

        ReadOnlySpan<byte> record = tail.AsSpan(end);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        long endAt = _file.Length - tailBytes + end;
        if (count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue)
        {
            (offset, size, count) = ReadLongDirectory(endAt);
        }

        return count <= size / CentralBytes && offset >= 0 && size >= 0 && offset <= endAt - size
            ? (offset, size, count)
            : throw Error(endAt, $"expected a directory within the archive, got {count} members in {size} bytes at {offset}.");
    }

    private (long Offset, long Size, long Count) ReadLongDirectory(long endAt)
    {
        const int locatorBytes = 20, recordBytes = 56;
        byte[] locator = _file.ReadBytes(endAt - locatorBytes, locatorBytes, "the archive's 64-bit locator");
        long at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        byte[] record = locator.AsSpan().StartsWith("PK\u0006\u0007"u8) ? _file.ReadBytes(at, recordBytes, "the archive's 64-bit end") : [];
        return record.AsSpan().StartsWith("PK\u0006\u0006"u8)
            ? (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)))
            : throw Error(endAt, "expected the 64-bit end of a large archive, got other bytes.");
    }

    private ZipMember? ReadMember(byte[] directory, ref int at, long directoryAt)
    {
        if (directory.Length - at < CentralBytes || !directory.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
        {
            throw Error(directoryAt + at, "expected an entry of the archive's directory, got other bytes.");
        }

        ReadOnlySpan<byte> entry = directory.AsSpan(at);
        int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
        int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
        int commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        if (entry.Length - CentralBytes < nameBytes + extraBytes + commentBytes)
        {
            throw Error(directoryAt + at, "expected a whole entry of the archive's directory, got a part.");
        }

        string name = Encoding.UTF8.GetString(entry.Slice(CentralBytes, nameBytes)).Replace('\\', '/');
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
        long stored = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        long count = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        long local = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
        ReadLongSizes(entry.Slice(CentralBytes + nameBytes, extraBytes), ref count, ref stored, ref local);
        at += CentralBytes + nameBytes + extraBytes + commentBytes;
        if (name.EndsWith('/'))
        {
            return null;
        }

        if ((flags & 1) != 0 || method is not (0 or 8))
        {
            throw Error(local, $"member '{name}': expected it stored or deflated and not encrypted, got method {method}{((flags & 1) != 0 ? ", encrypted" : string.Empty)}.");
        }

        byte[] head = _file.ReadBytes(local, LocalBytes, $"the head of member '{name}'");
        if (!head.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            throw Error(local, $"member '{name}': expected its head, got other bytes.");
        }

        long data = local + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28));
        // Deflate packs at most 1032 bytes into one: a larger claim is a lie that would cost memory.
        const long mostPerByte = 1032;
        return stored >= 0 && count >= 0 && data <= _file.Length - stored && (method == 8 ? count / mostPerByte <= stored : count == stored)
            ? new ZipMember(name, method == 8, stored, count, checksum, data)
            : throw Error(local, $"member '{name}': expected {stored} stored bytes for {count} within the file, got a file of {_file.Length} bytes.");
    }

    private static void ReadLongSizes(ReadOnlySpan<byte> extra, ref long count, ref long stored, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            ReadOnlySpan<byte> field = extra.Slice(4, Math.Min(size, extra.Length - 4));
            extra = extra[(4 + field.Length)..];
            if (id != 1)
            {
                continue;
            }

            Take(ref field, ref count);
            Take(ref field, ref stored);
            Take(ref field, ref local);
            return;
        }

        static void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value == uint.MaxValue && field.Length >= sizeof(long))
            {
                value = BinaryPrimitives.ReadInt64LittleEndian(field);
                field = field[sizeof(long)..];
            }
        }
    }

    // Overlapping members are how a small archive claims to be a huge one.
    private void CheckOverlap(long directoryAt)
    {
        long end = 0;
        foreach (ZipMember member in Members.OrderBy(static m => m.DataOffset).ThenBy(static m => m.StoredBytes))
        {
            if (member.DataOffset < end || member.DataOffset + member.StoredBytes > directoryAt)
            {
                throw Error(member.DataOffset, $"member '{member.Name}': expected bytes of its own before the directory, got some that belong to another.");
            }

            end = member.DataOffset + member.StoredBytes;
        }
    }

    private WeightFormatException Error(long offset, string message) => new(_file.Path, _file.Start + offset, message);
}
