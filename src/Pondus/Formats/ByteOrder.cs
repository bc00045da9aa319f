namespace Pondus.Formats;

/// <summary>Numbers whose highest byte comes first, given with the lowest first.</summary>
internal static class ByteOrder
{
    /// <summary>Turns round the bytes of each number; where a part of a number is wanted, the whole one is read.</summary>
    internal static WeightBytesReader Reversed(WeightBytesReader reader, int size) => (offset, destination) =>
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
