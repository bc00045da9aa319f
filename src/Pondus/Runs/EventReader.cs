using System.Buffers.Binary;

namespace Pondus.Runs;

/// <summary>Reads an event file, also while it is being written: each call continues where the last one ended.</summary>
/// <remarks>A record without its end is left for the next call. A wrong checksum ends the file with a notice.</remarks>
/// <param name="path">The file.</param>
public sealed class EventReader(string path)
{
    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;

    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the offset in bytes of the first record that was not read yet.</summary>
    public long Offset { get; private set; }

    /// <summary>Gets what is wrong with the file and where, or null; nothing is read beyond it.</summary>
    public string? Damage { get; private set; }

    /// <summary>Gets whether the last call ended at a record that has no end: the writer is busy, or was stopped.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the records that have come since the last call.</summary>
    /// <param name="log">Receives their values.</param>
    /// <returns>How many records there were.</returns>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public int ReadInto(EventLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (Damage is not null)
        {
            return 0;
        }

        using FileStream file = OpenFile(Path);
        file.Position = Offset;
        int count = 0;
        while (NextRecord(file, file.Length) is byte[] record)
        {
            try
            {
                EventParser.Parse(record, log);
            }
            catch (InvalidDataException error)
            {
                Damage = $"{Path} at byte {Offset}: expected an event, got {error.Message}.";
                break;
            }

            Offset += HeaderBytes + record.Length + FooterBytes;
            count++;
        }

        if (Damage is not null)
        {
            log.AddDamage(Damage);
        }

        return count;
    }

    /// <summary>Finds the end of the last whole record that ends at or before an offset.</summary>
    internal static long LastRecordEnd(string path, long limit)
    {
        EventReader reader = new(path);
        using FileStream file = OpenFile(path);
        long length = Math.Min(limit, file.Length);
        while (reader.NextRecord(file, length) is byte[] record)
        {
            reader.Offset += HeaderBytes + record.Length + FooterBytes;
        }

        return reader.Offset;
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string cause = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file.",
                UnauthorizedAccessException => Directory.Exists(path) ? "a folder." : "no permission to read it.",
                _ => error.Message,
            };
            throw new IOException($"{path}: expected an event file, got {cause}", error);
        }
    }

    private byte[]? NextRecord(FileStream file, long fileLength)
    {
        long left = fileLength - Offset;
        IsCut = left is > 0 and < HeaderBytes;
        if (left < HeaderBytes)
        {
            return null;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header);
        if (EventChecksum.Masked(header[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]))
        {
            Damage = $"{Path} at byte {Offset}: expected the length of a record, got a wrong checksum.";
            return null;
        }

        // Only a length that the file can hold is allocated.
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header);
        IsCut = left - HeaderBytes < FooterBytes || length > (ulong)(left - HeaderBytes - FooterBytes);
        if (IsCut)
        {
            return null;
        }

        if (length > (ulong)Array.MaxLength)
        {
            Damage = $"{Path} at byte {Offset}: expected a record of at most {Array.MaxLength} bytes, got {length}.";
            return null;
        }

        byte[] record = new byte[length];
        Span<byte> footer = stackalloc byte[FooterBytes];
        file.ReadExactly(record);
        file.ReadExactly(footer);
        if (EventChecksum.Masked(record) != BinaryPrimitives.ReadUInt32LittleEndian(footer))
        {
            Damage = $"{Path} at byte {Offset}: expected a record of {length} bytes, got a wrong checksum.";
            return null;
        }

        return record;
    }
}
