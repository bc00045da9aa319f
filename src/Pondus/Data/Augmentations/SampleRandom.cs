using Pondus.Kernels;

namespace Pondus.Data.Augmentations;

/// <summary>Random numbers for one sample in one epoch: the same key gives the same numbers on any thread, and nothing is allocated.</summary>
/// <remarks>Pass it by reference: a copy repeats its numbers. Generator: Philox4x32-10, as <see cref="RandomSource"/>.</remarks>
public struct SampleRandom
{
    private readonly ulong _key;
    private readonly uint _stream;
    private uint _block;
    private uint _word0;
    private uint _word1;
    private uint _word2;
    private uint _word3;
    private int _left;

    /// <summary>Makes a source.</summary>
    /// <param name="key">Names the sample and the epoch.</param>
    /// <param name="stream">Names who draws, so that one augmentation more does not change what the others draw.</param>
    public SampleRandom(ulong key, int stream)
    {
        _key = key;
        _stream = (uint)stream;
    }

    /// <summary>Draws 32 random bits.</summary>
    /// <returns>A uniform number.</returns>
    public uint NextUInt32()
    {
        if (_left == 0)
        {
            (_word0, _word1, _word2, _word3) = (_block++, 0x61756775, _stream, 0x6D656E74); // "augu", "ment": apart from all other counters
            Philox.Rounds(ref _word0, ref _word1, ref _word2, ref _word3, (uint)_key, (uint)(_key >> 32));
            _left = 4;
        }

        _left--;
        uint word = _word0;
        (_word0, _word1, _word2) = (_word1, _word2, _word3);
        return word;
    }

    /// <summary>Draws a uniform number in [0, 1), a multiple of 2^-24.</summary>
    /// <returns>The number.</returns>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Draws a uniform number.</summary>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Upper bound, reached only where rounding leads to it.</param>
    /// <returns>The number.</returns>
    public float NextSingle(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>Draws a whole number below a bound.</summary>
    /// <remarks>A bound that is no power of two prefers some numbers by less than bound / 2^32.</remarks>
    /// <param name="bound">Exclusive upper bound, at least 1.</param>
    /// <returns>A number in [0, bound).</returns>
    public int NextInt32(int bound) => (int)(((ulong)NextUInt32() * (uint)bound) >> 32);

    /// <summary>Draws from the standard normal distribution (Box-Muller; two uniform numbers are used).</summary>
    /// <returns>The number.</returns>
    public float NextNormal()
    {
        // 1 - u lies in (0, 1], so the logarithm is finite.
        double u = 1 - (NextUInt32() * (1.0 / 4294967296.0)), angle = NextUInt32() * (2 * Math.PI / 4294967296.0);
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(angle));
    }

    /// <summary>Draws from the symmetric beta distribution, as a ratio of two gamma numbers.</summary>
    /// <param name="alpha">Both parameters, above 0: 1 is uniform, below 1 prefers the ends.</param>
    /// <returns>A number in [0, 1].</returns>
    public float NextBeta(float alpha)
    {
        double x = NextGamma(alpha), y = NextGamma(alpha);
        return x + y > 0 ? (float)(x / (x + y)) : NextUInt32() >> 31;
    }

    // Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; below 1 by a power of a uniform number.
    private double NextGamma(double shape)
    {
        double boost = 1;
        if (shape < 1)
        {
            boost = Math.Pow(1 - (NextUInt32() * (1.0 / 4294967296.0)), 1 / shape);
            shape++;
        }

        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal(), v = 1 + (c * x), u = 1 - (NextUInt32() * (1.0 / 4294967296.0));
            v = v * v * v;
            if (v > 0 && Math.Log(u) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return boost * d * v;
            }
        }
    }
}
