namespace Pondus.Kernels;

/// <summary>The counter-based generator behind <c>RandomSource</c>: a keyed mix of a counter, without state.</summary>
/// <remarks>Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.</remarks>
internal static class Philox
{
    /// <summary>Computes the four numbers of one block.</summary>
    /// <param name="key">Key.</param>
    /// <param name="index">Index of the block.</param>
    /// <param name="result">Receives four numbers.</param>
    public static void Block(ulong key, ulong index, Span<uint> result)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = 0, c3 = 0, k0 = (uint)key, k1 = (uint)(key >> 32);
        Rounds(ref c0, ref c1, ref c2, ref c3, k0, k1);
        result[0] = c0;
        result[1] = c1;
        result[2] = c2;
        result[3] = c3;
    }

    /// <summary>The ten Philox rounds on one counter.</summary>
    public static void Rounds(ref uint c0, ref uint c1, ref uint c2, ref uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
    }
}
