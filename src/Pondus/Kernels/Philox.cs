using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>Consecutive blocks of Philox4x32-10, the same bits as <c>RandomSource</c> in every vector width.</summary>
internal static unsafe class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

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

    /// <summary>Writes the four words of each block from the given one on.</summary>
    public static void Fill(ulong key, ulong block, nint blocks, uint* words)
    {
        nint done = 0;
        if (Avx512F.IsSupported)
        {
            for (; done <= blocks - 8; done += 8)
            {
                Eight(key, block + (ulong)done, words + (4 * done));
            }
        }
        else if (Avx2.IsSupported)
        {
            for (; done <= blocks - 4; done += 4)
            {
                Four(key, block + (ulong)done, words + (4 * done));
            }
        }

        for (; done < blocks; done++)
        {
            Block(key, block + (ulong)done, new Span<uint>(words + (4 * done), 4));
        }
    }

    // One block in each 64-bit lane. Only the low half of a lane counts: the multiplication reads no more, so what
    // the shifts and the exclusive ors leave in the high half is harmless.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(ulong key, ulong block, uint* words)
    {
        // In this order the interleaving below gives blocks 0 to 3 and 4 to 7.
        Vector512<ulong> c0 = Vector512.Create(block) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7), c1 = c0 >> 32;
        Vector512<ulong> c2 = Vector512<ulong>.Zero, c3 = c2, m0 = Vector512.Create((ulong)Multiplier0), m1 = Vector512.Create((ulong)Multiplier1);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector512<ulong> p0 = Avx512F.Multiply(c0.AsUInt32(), m0.AsUInt32()), p1 = Avx512F.Multiply(c2.AsUInt32(), m1.AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        Vector512<ulong> low = Vector512.Create(0xFFFFFFFFUL), first = (c0 & low) | (c1 << 32), second = (c2 & low) | (c3 << 32);
        Avx512F.UnpackLow(first, second).Store((ulong*)words);
        Avx512F.UnpackHigh(first, second).Store((ulong*)words + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ulong key, ulong block, uint* words)
    {
        Vector256<ulong> c0 = Vector256.Create(block) + Vector256.Create(0UL, 2, 1, 3), c1 = c0 >> 32;
        Vector256<ulong> c2 = Vector256<ulong>.Zero, c3 = c2, m0 = Vector256.Create((ulong)Multiplier0), m1 = Vector256.Create((ulong)Multiplier1);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(c0.AsUInt32(), m0.AsUInt32()), p1 = Avx2.Multiply(c2.AsUInt32(), m1.AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        Vector256<ulong> low = Vector256.Create(0xFFFFFFFFUL), first = (c0 & low) | (c1 << 32), second = (c2 & low) | (c3 << 32);
        Avx2.UnpackLow(first, second).Store((ulong*)words);
        Avx2.UnpackHigh(first, second).Store((ulong*)words + 4);
    }
}
