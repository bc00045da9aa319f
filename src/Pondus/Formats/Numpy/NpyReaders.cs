namespace Pondus.Formats.Numpy;

/// <summary>Readers over readers: the bytes of one field, the other byte order.</summary>
internal static class NpyReaders
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Begins at an offset.</summary>
    public static WeightBytesReader From(WeightBytesReader reader, long start) => (offset, destination) => reader(start + offset, destination);

    /// <summary>Takes the bytes of one field out of elements of several.</summary>
    public static WeightBytesReader Field(WeightBytesReader reader, long recordBytes, long fieldOffset, long fieldBytes) => (offset, destination) =>
    {
        // At least one element, and a whole number of them.
        byte[] buffer = new byte[Math.Max(1, Math.Min(BufferBytes / recordBytes, (destination.Length / fieldBytes) + 2)) * recordBytes];
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

    /// <summary>Turns round the bytes of each number.</summary>
    public static WeightBytesReader Swapped(WeightBytesReader reader, int size) => (offset, destination) =>
    {
        long first = offset / size * size, last = (offset + destination.Length + size - 1) / size * size;
        bool isWhole = first == offset && last == offset + destination.Length;
        Span<byte> numbers = isWhole ? destination : new byte[last - first];
        reader(first, numbers);
        for (int i = 0; i < numbers.Length; i += size)
        {
            numbers.Slice(i, size).Reverse();
        }

        if (!isWhole)
        {
            numbers.Slice((int)(offset - first), destination.Length).CopyTo(destination);
        }
    };
}
