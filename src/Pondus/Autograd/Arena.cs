namespace Pondus;

/// <summary>The memory of one step: handed out in order, taken back all at once, and re-used by the next step.</summary>
/// <remarks>
/// It is a list of chunks that grow up to 64 MB; a step that asks as the one before did walks them alike and touches no fresh page.
/// After a small step that needed several, one chunk takes their place. After a large one that would for a moment take twice the memory.
/// </remarks>
internal sealed unsafe class Arena
{
    private const int FirstChunk = 1 << 14;
    private const int LargestChunk = 1 << 24;
    private const int Small = 1 << 22;
    private const int BinCount = 16;
    private readonly List<Chunk> _chunks = [];
    private readonly Bin[] _bins = new Bin[BinCount];
    private float[] _home = [];
    private float* _start;
    private int _length;
    private int _used;
    private int _next;
    private long _total;
    private long _most;
    private long _capacity;
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
        home = _home;
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
        _most = Math.Max(_most, _total);
        long whole = _total + (_total / 8);
        bool joins = _chunks.Count > 1 && _capacity <= Small;

        // Steps that ask for ever other sizes may leave chunks that none of them fills.
        if (joins || _capacity > (2 * _most) + LargestChunk)
        {
            _chunks.Clear();
            _capacity = 0;
        }

        Leave();
        if (joins)
        {
            Grow((int)whole);
        }
        else if (_chunks.Count > 0)
        {
            Enter(0);
        }

        _total = 0;
        _binCount = 0;
    }

    private void Grow(int size)
    {
        for (int i = _next; i < _chunks.Count; i++)
        {
            if (_chunks[i].Length >= size)
            {
                Enter(i);
                return;
            }
        }

        int length = Math.Max(size, Math.Max(FirstChunk, Math.Min(LargestChunk, 2 * Math.Min(_length, LargestChunk))));
        float[] home = PinnedBuffer.Allocate(length, out float* start);
        _chunks.Add(new Chunk { Home = home, Start = start, Length = length });
        _capacity += length;
        Enter(_chunks.Count - 1);
    }

    /// <summary>Takes a chunk as the next of the walk.</summary>
    private void Enter(int index)
    {
        Chunk chunk = _chunks[index];
        _chunks[index] = _chunks[_next];
        _chunks[_next++] = chunk;
        _home = chunk.Home;
        _start = chunk.Start;
        _length = chunk.Length;
        _used = 0;
    }

    private void Leave()
    {
        _home = [];
        _start = null;
        _length = _used = _next = 0;
    }

    private struct Chunk
    {
        public float[] Home;
        public float* Start;
        public int Length;
    }

    private struct Bin
    {
        public float* Pointer;
        public int Count;
    }
}
