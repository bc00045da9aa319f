namespace Pondus;

/// <summary>The memory of one step: handed out in order, taken back all at once, and re-used by the next step.</summary>
/// <remarks>After a step that needed several chunks, one chunk of the whole size takes their place, so a steady step touches no fresh page.</remarks>
internal sealed unsafe class Arena
{
    private const int FirstChunk = 1 << 14;
    private const int BinCount = 16;
    private readonly List<float[]> _chunks = [];
    private readonly Bin[] _bins = new Bin[BinCount];
    private float* _start;
    private int _length;
    private int _used;
    private long _total;
    private int _binCount;

    /// <summary>Gets the floats that are held, in use or not.</summary>
    public long Capacity => _chunks.Sum(static chunk => (long)chunk.Length);

    /// <summary>Rents floats until <see cref="Reset"/>.</summary>
    public float* Rent(int count, out float[] home)
    {
        int size = PinnedBuffer.Align(count);
        if (size > _length - _used || _start == null)
        {
            Grow(size);
        }

        float* result = _start + _used;
        _used += size;
        _total += size;
        home = _chunks[^1];
        return result;
    }

    /// <summary>Rents a gradient buffer: one that was returned, if its size fits.</summary>
    public float* RentGradient(int count)
    {
        for (int i = _binCount - 1; i >= 0; i--)
        {
            if (_bins[i].Count == count)
            {
                float* pointer = _bins[i].Pointer;
                _bins[i] = _bins[--_binCount];
                return pointer;
            }
        }

        return Rent(count, out _);
    }

    /// <summary>Gives a gradient buffer back while the step still runs.</summary>
    public void ReturnGradient(float* pointer, int count)
    {
        if (_binCount < BinCount)
        {
            _bins[_binCount++] = new Bin { Pointer = pointer, Count = count };
        }
    }

    /// <summary>Takes everything back.</summary>
    public void Reset()
    {
        if (_chunks.Count > 1)
        {
            long whole = Math.Min(_total + (_total / 8), Array.MaxLength - PinnedBuffer.Alignment);
            _chunks.Clear();
            _length = 0;
            Grow((int)whole);
        }

        _used = 0;
        _total = 0;
        _binCount = 0;
    }

    private void Grow(int size)
    {
        _length = Math.Max(size, Math.Max(FirstChunk, _length));
        _chunks.Add(PinnedBuffer.Allocate(_length, out _start));
        _used = 0;
    }

    private struct Bin
    {
        public float* Pointer;
        public int Count;
    }
}
