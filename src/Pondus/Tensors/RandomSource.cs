using System.Text;
using Pondus.Kernels;

namespace Pondus;

/// <summary>Counter-based random numbers with named streams: the same seed, name and position give the same bits anywhere.</summary>
/// <remarks>
/// <para>Generator: Philox4x32-10. Its whole state is a 64-bit key and a 64-bit position, so any position can be reached at once.</para>
/// <para>Streams: <see cref="Stream(string)"/> derives an independent key from a name; deriving does not move this source.</para>
/// <para>Not thread-safe: give each thread a stream of its own.</para>
/// <para>Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.</para>
/// </remarks>
public sealed class RandomSource
{
    private readonly uint[] _block = new uint[4];
    private ulong _blockIndex = ulong.MaxValue;

    /// <summary>Makes a source from a seed.</summary>
    /// <param name="seed">Any number; it becomes the key.</param>
    public RandomSource(ulong seed)
        : this(seed, 0)
    {
    }

    /// <summary>Makes a source at a position, as stored in a checkpoint.</summary>
    /// <param name="key">The key, see <see cref="Key"/>.</param>
    /// <param name="position">Numbers already drawn, see <see cref="Position"/>.</param>
    public RandomSource(ulong key, ulong position)
    {
        Key = key;
        Position = position;
    }

    /// <summary>Gets the key that names this stream.</summary>
    public ulong Key { get; }

    /// <summary>Gets or sets how many 32-bit numbers have been drawn.</summary>
    public ulong Position { get; set; }

    /// <summary>Derives an independent stream.</summary>
    /// <param name="name">Name of the stream, such as "initialization".</param>
    /// <returns>A new source at position 0.</returns>
    public RandomSource Stream(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // FNV-1a over the name, then Philox mixes it with this key: names that differ in one letter give unrelated keys.
        ulong hash = 14695981039346656037UL;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return new RandomSource(Derive(Key, hash));
    }

    /// <summary>Derives an independent stream by number, without allocation beyond the source itself.</summary>
    /// <param name="number">Number of the stream, such as an epoch.</param>
    /// <returns>A new source at position 0.</returns>
    public RandomSource Stream(long number) => new(DeriveKey(number));

    /// <summary>Draws 32 random bits.</summary>
    /// <returns>A uniform number.</returns>
    public uint NextUInt32()
    {
        ulong index = Position >> 2;
        if (index != _blockIndex)
        {
            Philox.Block(Key, index, _block);
            _blockIndex = index;
        }

        return _block[Position++ & 3];
    }

    /// <summary>Draws a uniform number in [0, 1), a multiple of 2^-24.</summary>
    /// <returns>The number.</returns>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Draws a whole number below a bound, without bias.</summary>
    /// <param name="bound">Exclusive upper bound, at least 1.</param>
    /// <returns>A number in [0, bound).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // Lemire 2019, arXiv:1805.10941: multiply, and reject the few low products that would favour some results.
        uint range = (uint)bound, threshold = unchecked(0u - range) % range;
        ulong product;
        do
        {
            product = (ulong)NextUInt32() * range;
        }
        while ((uint)product < threshold);

        return (int)(product >> 32);
    }

    /// <summary>Draws from the standard normal distribution (Box-Muller; two uniform numbers are used).</summary>
    /// <returns>The number; its magnitude is at most 6.7.</returns>
    public float NextNormal()
    {
        // 1 - u lies in (0, 1], so the logarithm is finite.
        double u = 1 - (NextUInt32() * (1.0 / 4294967296.0)), angle = NextUInt32() * (2 * Math.PI / 4294967296.0);
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(angle));
    }

    /// <summary>Fills with uniform numbers.</summary>
    /// <param name="values">What to fill.</param>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Upper bound, reached only where rounding to float leads to it.</param>
    public void FillUniform(Span<float> values, float low, float high)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = low + ((high - low) * NextSingle());
        }
    }

    /// <summary>Fills with normal numbers.</summary>
    /// <param name="values">What to fill.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation, at least 0.</param>
    public void FillNormal(Span<float> values, float mean, float deviation)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = mean + (deviation * NextNormal());
        }
    }

    /// <summary>Gives a random order of 0 to count - 1 (Fisher-Yates).</summary>
    /// <param name="count">How many numbers.</param>
    /// <returns>The numbers in random order.</returns>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = NextInt32(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    /// <summary>The key of <see cref="Stream(long)"/>, without making the source.</summary>
    internal ulong DeriveKey(long number) => DeriveKey(Key, number);

    /// <summary>The key of a numbered stream below a key.</summary>
    internal static ulong DeriveKey(ulong key, long number) => Derive(key, unchecked((ulong)number) ^ 0x9E3779B97F4A7C15UL);

    private static ulong Derive(ulong key, ulong value)
    {
        uint c0 = (uint)value, c1 = (uint)(value >> 32), c2 = 0x706F6E64, c3 = 0x75733031; // "pond", "us01": apart from the counters of numbers
        Philox.Rounds(ref c0, ref c1, ref c2, ref c3, (uint)key, (uint)(key >> 32));
        return c0 | ((ulong)c1 << 32);
    }
}
