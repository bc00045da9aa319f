namespace Pondus.Formats.PyTorch;

/// <summary>Reads a window on a storage row by row, wherever its elements lie, and applies what the tensor only notes: byte order, conjugation, sign.</summary>
internal sealed class StridedReader(StorageBytes storage, TensorWindow window)
{
    public void Read(long offset, Span<byte> destination)
    {
        int size = window.ElementBytes;
        long first = offset / size;
        int skip = (int)(offset % size);
        if (skip == 0 && destination.Length % size == 0)
        {
            ReadElements(first, destination);
            return;
        }

        // Only a caller with odd chunks comes here.
        long end = (offset + destination.Length + size - 1) / size;
        byte[] whole = new byte[(end - first) * size];
        ReadElements(first, whole);
        whole.AsSpan(skip, destination.Length).CopyTo(destination);
    }

    private void ReadElements(long first, Span<byte> destination)
    {
        int size = window.ElementBytes;
        Span<byte> rest = destination;
        if (window.IsContiguous)
        {
            storage.Read((window.Start + first) * size, rest);
            rest = [];
        }

        while (!rest.IsEmpty)
        {
            StridedBox box = StridedBox.Around(window, first);
            byte[] bytes = storage.Cache.Get(this, box.First, () => box.Gather(storage, size));
            int from = (int)(first - box.First) * size, count = Math.Min(rest.Length, bytes.Length - from);
            bytes.AsSpan(from, count).CopyTo(rest);
            rest = rest[count..];
            first += count / size;
        }

        Transform(destination);
    }

    private void Transform(Span<byte> bytes)
    {
        int part = window.PartBytes;
        if (storage.IsBigEndian && part > 1)
        {
            for (int i = 0; i < bytes.Length; i += part)
            {
                bytes.Slice(i, part).Reverse();
            }
        }

        // The sign is the highest bit of a floating-point number's last byte.
        const byte sign = 0x80;
        if (window.IsConjugate)
        {
            for (int i = (2 * part) - 1; i < bytes.Length; i += 2 * part)
            {
                bytes[i] ^= sign;
            }
        }

        if (window.IsNegative)
        {
            for (int i = part - 1; i < bytes.Length; i += part)
            {
                bytes[i] ^= sign;
            }
        }
    }
}
