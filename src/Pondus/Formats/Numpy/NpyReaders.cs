namespace Pondus.Formats.Numpy;

/// <summary>Readers over readers: from an offset on, the bytes of one field.</summary>
internal static class NpyReaders
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Begins at an offset.</summary>
    public static WeightBytesReader From(WeightBytesReader reader, long start) => (offset, destination) => reader(start + offset, destination);

    /// <summary>Takes the bytes of one field out of elements of several.</summary>
    public static WeightBytesReader Field(WeightBytesReader reader, long recordBytes, long fieldOffset, long fieldBytes) => (offset, destination) =>
    {
        if (recordBytes > BufferBytes)
        {
            ReadApart(reader, recordBytes, fieldOffset, fieldBytes, offset, destination);
            return;
        }

        // At least one element, and a whole number of them.
        byte[] buffer = new byte[Math.Min(BufferBytes / recordBytes, (destination.Length / fieldBytes) + 2) * recordBytes];
        while (!destination.IsEmpty)
        {
            long record = offset / fieldBytes, records = Math.Min(buffer.Length / recordBytes, ((offset + destination.Length - 1) / fieldBytes) - record + 1);
            Span<byte> part = buffer.AsSpan(0, (int)(records * recordBytes));
            reader(record * recordBytes, part);
            for (long i = 0; i < records; i++)
            {
                long skip = i == 0 ? offset % fieldBytes : 0;
                int count = (int)Math.Min(fieldBytes - skip, destination.Length);
                part.Slice((int)((i * recordBytes) + fieldOffset + skip), count).CopyTo(destination);
                destination = destination[count..];
                offset += count;
            }
        }
    };

    // Elements may be as large as the file: of those, only what is wanted is read.
    private static void ReadApart(WeightBytesReader reader, long recordBytes, long fieldOffset, long fieldBytes, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            (long record, long skip) = Math.DivRem(offset, fieldBytes);
            int count = (int)Math.Min(fieldBytes - skip, destination.Length);
            reader((record * recordBytes) + fieldOffset + skip, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }
}
