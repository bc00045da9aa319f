using System.Runtime.InteropServices;

namespace Pondus.Formats.PyTorch;

/// <summary>Reads a window on a storage row by row, wherever its elements lie, and applies what the tensor only notes: byte order, conjugation, sign.</summary>
internal sealed class StridedReader(StorageBytes storage, TensorWindow window)
{
    private readonly long _count = window.Count;

    public void Read(long offset, Span<byte> destination)
    {
        int size = window.ElementBytes;
        long first = offset / size, skip = offset % size;
        if (skip == 0 && destination.Length % size == 0)
        {
            ReadElements(first, destination);
            return;
        }

        // Only a caller with odd chunks comes here.
        long end = Math.Min(_count, (offset + destination.Length + size - 1) / size);
        byte[] whole = new byte[(end - first) * size];
        ReadElements(first, whole);
        whole.AsSpan((int)skip, destination.Length).CopyTo(destination);
    }

    private void ReadElements(long first, Span<byte> destination)
    {
        int size = window.ElementBytes;
        if (window.IsContiguous)
        {
            storage.Read((window.Start + first) * size, destination);
        }
        else
        {
            ReadOnlySpan<byte> source = storage.Window(window.Start * size, (window.Last - window.Start + 1) * size);
            switch (size)
            {
                case 1:
                    Gather(source, first, destination);
                    break;
                case 2:
                    Gather(MemoryMarshal.Cast<byte, ushort>(source), first, MemoryMarshal.Cast<byte, ushort>(destination));
                    break;
                case 4:
                    Gather(MemoryMarshal.Cast<byte, uint>(source), first, MemoryMarshal.Cast<byte, uint>(destination));
                    break;
                case 8:
                    Gather(MemoryMarshal.Cast<byte, ulong>(source), first, MemoryMarshal.Cast<byte, ulong>(destination));
                    break;
                default:
                    Gather(MemoryMarshal.Cast<byte, UInt128>(source), first, MemoryMarshal.Cast<byte, UInt128>(destination));
                    break;
            }
        }

        Transform(destination);
    }

    private void Gather<T>(ReadOnlySpan<T> source, long first, Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<long> shape = window.Shape, strides = window.Strides;
        int last = shape.Length - 1;
        Span<long> index = stackalloc long[shape.Length];
        long place = 0, rest = first;
        for (int axis = last; axis >= 0; axis--)
        {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
            place += index[axis] * strides[axis];
        }

        for (int done = 0; done < destination.Length;)
        {
            int run = (int)Math.Min(shape[last] - index[last], destination.Length - done);
            long step = strides[last];
            if (step == 1)
            {
                source.Slice((int)place, run).CopyTo(destination[done..]);
            }
            else
            {
                for (int i = 0; i < run; i++)
                {
                    destination[done + i] = source[(int)(place + (i * step))];
                }
            }

            done += run;
            index[last] += run;
            place += run * step;
            for (int axis = last; axis > 0 && index[axis] == shape[axis]; axis--)
            {
                place += strides[axis - 1] - (shape[axis] * strides[axis]);
                index[axis] = 0;
                index[axis - 1]++;
            }
        }
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
