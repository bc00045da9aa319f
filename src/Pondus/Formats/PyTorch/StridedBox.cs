using System.Runtime.InteropServices;

namespace Pondus.Formats.PyTorch;

/// <summary>A part of a window whose elements follow each other row by row: some indices of one axis, with all of the axes within it.</summary>
/// <remarks>
/// Gathered at once, so that memory stays small however large the tensor, and each place of the storage is read about once: a box
/// is halved along the axis of the largest steps until what lies between its first and last element is mostly its own.
/// </remarks>
internal readonly struct StridedBox
{
    private const int MostBytes = 1 << 23;

    // Reading a little too much is cheaper than reading twice, up to here.
    private const int SmallReadBytes = 1 << 13;
    private const int LargestReadBytes = 1 << 23;

    private readonly long _place;
    private readonly long[] _sizes;
    private readonly long[] _strides;
    private readonly long _count;

    private StridedBox(long first, long place, long[] sizes, long[] strides)
    {
        First = first;
        _place = place;
        _sizes = sizes;
        _strides = strides;
        _count = 1;
        foreach (long size in sizes)
        {
            _count *= size;
        }
    }

    /// <summary>Gets the number, row by row, of the first element.</summary>
    public long First { get; }

    /// <summary>Gives the box that an element is in; all boxes of a window are disjoint.</summary>
    public static StridedBox Around(TensorWindow window, long element)
    {
        long[] shape = window.Shape, strides = window.Strides;
        long most = MostBytes / window.ElementBytes, inner = 1;
        int axis = shape.Length - 1;
        while (axis > 0 && inner <= most / shape[axis])
        {
            inner *= shape[axis];
            axis--;
        }

        long group = Math.Max(1, most / inner), rest = element / inner;
        long begin = rest % shape[axis] / group * group;
        long first = ((rest / shape[axis] * shape[axis]) + begin) * inner, place = window.Start + (begin * strides[axis]);
        rest /= shape[axis];
        for (int outer = axis - 1; outer >= 0; outer--)
        {
            place += rest % shape[outer] * strides[outer];
            rest /= shape[outer];
        }

        return new StridedBox(first, place, [Math.Min(group, shape[axis] - begin), .. shape.AsSpan(axis + 1)], [.. strides.AsSpan(axis)]);
    }

    /// <summary>Reads the box.</summary>
    public byte[] Gather(StorageBytes storage, int size)
    {
        byte[] target = GC.AllocateUninitializedArray<byte>((int)(_count * size));
        long[] steps = new long[_sizes.Length];
        long step = 1;
        for (int axis = steps.Length - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= _sizes[axis];
        }

        Fill(storage, size, _place, [.. _sizes], steps, 0, target);
        return target;
    }

    private void Fill(StorageBytes storage, int size, long place, long[] sizes, long[] steps, long at, byte[] target)
    {
        long span = 1, count = 1;
        int widest = 0;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            span += (sizes[axis] - 1) * _strides[axis];
            count *= sizes[axis];
            widest = sizes[axis] > 1 && (sizes[widest] == 1 || _strides[axis] > _strides[widest]) ? axis : widest;
        }

        if (count > 1 && ((span > SmallReadBytes / size && span / 2 > count) || span > LargestReadBytes / size))
        {
            long all = sizes[widest], half = all / 2;
            sizes[widest] = half;
            Fill(storage, size, place, sizes, steps, at, target);
            sizes[widest] = all - half;
            Fill(storage, size, place + (half * _strides[widest]), sizes, steps, at + (half * steps[widest]), target);
            sizes[widest] = all;
            return;
        }

        byte[] source = System.Buffers.ArrayPool<byte>.Shared.Rent((int)span * size);
        Span<byte> read = source.AsSpan(0, (int)span * size);
        storage.Read(place * size, read);
        switch (size)
        {
            case 1:
                Scatter<byte>(read, sizes, steps, at, target);
                break;
            case 2:
                Scatter<ushort>(MemoryMarshal.Cast<byte, ushort>(read), sizes, steps, at, MemoryMarshal.Cast<byte, ushort>(target.AsSpan()));
                break;
            case 4:
                Scatter<uint>(MemoryMarshal.Cast<byte, uint>(read), sizes, steps, at, MemoryMarshal.Cast<byte, uint>(target.AsSpan()));
                break;
            case 8:
                Scatter<ulong>(MemoryMarshal.Cast<byte, ulong>(read), sizes, steps, at, MemoryMarshal.Cast<byte, ulong>(target.AsSpan()));
                break;
            default:
                Scatter<UInt128>(MemoryMarshal.Cast<byte, UInt128>(read), sizes, steps, at, MemoryMarshal.Cast<byte, UInt128>(target.AsSpan()));
                break;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(source);
    }

    private void Scatter<T>(ReadOnlySpan<T> source, long[] sizes, long[] steps, long at, Span<T> target)
    {
        int last = sizes.Length - 1;
        int run = (int)sizes[last], stride = (int)_strides[last], step = (int)steps[last];
        Span<long> index = stackalloc long[sizes.Length];
        index.Clear();
        long from = 0;
        while (true)
        {
            for (int i = 0, f = (int)from, t = (int)at; i < run; i++, f += stride, t += step)
            {
                target[t] = source[f];
            }

            int axis = last - 1;
            for (; axis >= 0; axis--)
            {
                from += _strides[axis];
                at += steps[axis];
                if (++index[axis] < sizes[axis])
                {
                    break;
                }

                from -= sizes[axis] * _strides[axis];
                at -= sizes[axis] * steps[axis];
                index[axis] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }
}
