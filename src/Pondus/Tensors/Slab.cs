namespace Pondus;

/// <summary>A stretch of memory that holds parameters one behind the other, and their gradients at the same offsets in a second one.</summary>
/// <remarks>Optimizers walk slabs, not dictionaries. Parameters never move. The padding between them stays zero.</remarks>
internal sealed unsafe class Slab
{
    private const int UsualCount = 1 << 18;

    [ThreadStatic]
    private static Slab? t_open;

    private readonly float[] _valuesHome;
    private readonly float* _values;
    private readonly int _capacity;
    private float[]? _gradientsHome;
    private float* _gradients;
    private int _used;

    private Slab(int capacity)
    {
        _capacity = capacity;
        _valuesHome = PinnedBuffer.Allocate(capacity, out _values, cleared: true);
    }

    /// <summary>Gets the start of the values.</summary>
    public float* Values => _values;

    /// <summary>Gets the array that holds the values.</summary>
    public float[] Home => _valuesHome;

    /// <summary>Gets the start of the gradients, allocated at first use.</summary>
    public float* Gradients
    {
        get
        {
            if (Volatile.Read(ref _gradientsHome) is null)
            {
                // Networks that share a slab may be trained on threads of their own.
                lock (_valuesHome)
                {
                    if (_gradientsHome is null)
                    {
                        float[] home = PinnedBuffer.Allocate(_capacity, out _gradients, cleared: true);
                        Volatile.Write(ref _gradientsHome, home);
                    }
                }
            }

            return _gradients;
        }
    }

    /// <summary>Rents a range in the slab that this thread fills, or in one of its own when it is large.</summary>
    public static Slab Rent(int count, out int offset)
    {
        int size = PinnedBuffer.Align(count);
        if (t_open is not { } slab || slab._capacity - slab._used < size)
        {
            slab = new Slab(Math.Max(UsualCount, size));
            t_open = slab;
        }

        offset = slab._used;
        slab._used += size;
        return slab;
    }
}
