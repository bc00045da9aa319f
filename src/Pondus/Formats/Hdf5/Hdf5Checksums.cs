using System.Buffers.Binary;
using System.Numerics;

namespace Pondus.Formats.Hdf5;

/// <summary>The two checksums of the format.</summary>
/// <remarks>Source: Jenkins, lookup3, 2006 (metadata); Fletcher, IEEE Transactions on Communications 30, 1982 (chunks).</remarks>
internal static class Hdf5Checksums
{
    /// <summary>Jenkins' hash of metadata, started at 0.</summary>
    internal static uint Lookup3(ReadOnlySpan<byte> bytes)
    {
        const int block = 12;
        uint a = 0xdeadbeef + (uint)bytes.Length, b = a, c = a;
        while (bytes.Length > block)
        {
            Add(bytes, ref a, ref b, ref c);
            Mix(ref a, ref b, ref c);
            bytes = bytes[block..];
        }

        if (bytes.IsEmpty)
        {
            return c;
        }

        Span<byte> last = stackalloc byte[block];
        last.Clear();
        bytes.CopyTo(last);
        Add(last, ref a, ref b, ref c);
        Finish(ref a, ref b, ref c);
        return c;
    }

    /// <summary>Fletcher's checksum of a chunk, over big-endian words of 16 bits; an odd last byte is the upper half of a word.</summary>
    internal static uint Fletcher32(ReadOnlySpan<byte> bytes)
    {
        // The most words after which neither sum has left 32 bits.
        const int wordsBetweenFolds = 360;
        uint sum1 = 0, sum2 = 0;
        int words = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum1 += i + 1 < bytes.Length ? (uint)((bytes[i] << 8) | bytes[i + 1]) : (uint)bytes[i] << 8;
            sum2 += sum1;
            if (++words == wordsBetweenFolds)
            {
                (sum1, sum2, words) = (Fold(sum1), Fold(sum2), 0);
            }
        }

        return (Fold(Fold(sum2)) << 16) | Fold(Fold(sum1));
    }

    private static uint Fold(uint sum) => (sum & 0xffff) + (sum >> 16);

    private static void Add(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c)
    {
        a += BinaryPrimitives.ReadUInt32LittleEndian(block);
        b += BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
    }

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        Step(ref a, ref c, b, 4);
        Step(ref b, ref a, c, 6);
        Step(ref c, ref b, a, 8);
        Step(ref a, ref c, b, 16);
        Step(ref b, ref a, c, 19);
        Step(ref c, ref b, a, 4);

        static void Step(ref uint x, ref uint y, uint z, int turn)
        {
            x = (x - y) ^ BitOperations.RotateLeft(y, turn);
            y += z;
        }
    }

    private static void Finish(ref uint a, ref uint b, ref uint c)
    {
        Step(ref c, b, 14);
        Step(ref a, c, 11);
        Step(ref b, a, 25);
        Step(ref c, b, 16);
        Step(ref a, c, 4);
        Step(ref b, a, 14);
        Step(ref c, b, 24);

        static void Step(ref uint x, uint y, int turn) => x = (x ^ y) - BitOperations.RotateLeft(y, turn);
    }
}
