namespace Pondus.Formats.PyTorch;

/// <summary>A tensor put together from boxes of a distributed checkpoint, read run by run.</summary>
internal sealed class ChunkedTensor
{
    private readonly long[] _shape;
    private readonly List<TensorChunk> _chunks;
    private readonly int _size;

    private ChunkedTensor(long[] shape, List<TensorChunk> chunks, int size)
    {
        _shape = shape;
        _chunks = chunks;
        _size = size;
    }

    /// <summary>Makes the entry; null when the boxes do not cover the tensor once.</summary>
    internal static WeightEntry? Create(string name, long[] shape, List<TensorChunk> chunks)
    {
        if (chunks.Count == 0 || shape.Length == 0 || !WeightTypes.TryCount(shape, out long count))
        {
            return null;
        }

        TensorWindow first = chunks[0].Window;
        long covered = 0;
        for (int i = 0; i < chunks.Count; i++)
        {
            TensorChunk chunk = chunks[i];
            if (chunk.Offsets.Length != shape.Length || chunk.Sizes.Length != shape.Length || chunk.Window.DataType != first.DataType || !Within(chunk, shape) || chunks.Take(i).Any(other => Overlap(chunk, other)))
            {
                return null;
            }

            covered += chunk.Window.Count;
        }

        // A type of which several elements share a byte has no chunks here.
        return covered == count && WeightTypes.Layout(first.DataType) is { Elements: 1 }
            ? new WeightEntry(name, first.DataType, shape, count * first.ElementBytes, new ChunkedTensor(shape, chunks, first.ElementBytes).Read)
            : null;
    }

    private static bool Within(TensorChunk chunk, long[] shape)
    {
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (chunk.Offsets[axis] < 0 || chunk.Offsets[axis] > shape[axis] - chunk.Sizes[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static bool Overlap(TensorChunk a, TensorChunk b)
    {
        for (int axis = 0; axis < a.Sizes.Length; axis++)
        {
            if (a.Offsets[axis] >= b.Offsets[axis] + b.Sizes[axis] || b.Offsets[axis] >= a.Offsets[axis] + a.Sizes[axis])
            {
                return false;
            }
        }

        return true;
    }

    private void Read(long offset, Span<byte> destination)
    {
        Span<long> index = stackalloc long[_shape.Length];
        while (!destination.IsEmpty)
        {
            long element = offset / _size, skip = offset % _size, rest = element;
            for (int axis = _shape.Length - 1; axis >= 0; axis--)
            {
                index[axis] = rest % _shape[axis];
                rest /= _shape[axis];
            }

            TensorChunk chunk = Find(index);
            long place = 0;
            for (int axis = 0; axis < _shape.Length; axis++)
            {
                place = (place * chunk.Sizes[axis]) + index[axis] - chunk.Offsets[axis];
            }

            // Elements that follow each other in the tensor do so in the box up to the end of its row.
            long run = chunk.Offsets[^1] + chunk.Sizes[^1] - index[^1];
            int bytes = (int)Math.Min((run * _size) - skip, destination.Length);
            chunk.Read((place * _size) + skip, destination[..bytes]);
            destination = destination[bytes..];
            offset += bytes;
        }
    }

    private TensorChunk Find(ReadOnlySpan<long> index)
    {
        foreach (TensorChunk chunk in _chunks)
        {
            bool holds = true;
            for (int axis = 0; holds && axis < index.Length; axis++)
            {
                holds = index[axis] >= chunk.Offsets[axis] && index[axis] < chunk.Offsets[axis] + chunk.Sizes[axis];
            }

            if (holds)
            {
                return chunk;
            }
        }

        throw new InvalidOperationException("ChunkedTensor: expected boxes that cover the tensor, got a hole.");
    }
}
