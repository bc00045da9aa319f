using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Keyed random permutations of [0, count) whose every position can be computed on its own.</summary>
/// <remarks>
/// <para>Method: an unbalanced Feistel network on the bits of count - 1; a value outside the range is put through again
/// until it falls inside, at most two times on average.</para>
/// <para>Source: Luby and Rackoff 1988, "How to construct pseudorandom permutations from pseudorandom functions"; Black and Rogaway 2002,
/// "Ciphers with arbitrary finite domains", for walking the cycle.</para>
/// </remarks>
internal static unsafe class Permutations
{
    private const int Rounds = 8;

    /// <summary>destination[i] = the permutation's value at start + i.</summary>
    public static void Fill(ulong key, int count, int start, Span<int> destination)
    {
        if (start < 0 || (long)start + destination.Length > count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Permutations: expected positions within [0, {count}), got {start} to {(long)start + destination.Length}.");
        }

        fixed (int* to = destination)
        {
            Kernel kernel = new() { Destination = to, Count = count, Start = start, Low = (BitLength(count) + 1) / 2, High = BitLength(count) / 2 };
            Philox.Block(key, 0, new Span<uint>(kernel.Keys, 4));
            Philox.Block(key, 1, new Span<uint>(kernel.Keys + 4, 4));
            Launch.Range(kernel, destination.Length);
        }
    }

    private static int BitLength(int count) => 32 - BitOperations.LeadingZeroCount((uint)Math.Max(count - 1, 0));

    private struct Kernel : IRangeKernel
    {
        public fixed uint Keys[Rounds];
        public int* Destination;
        public int Count;
        public int Start;
        public int Low;
        public int High;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            TV minusCount = TV.CreateBits(-Count);
            for (nint i = begin; i < end; i += TV.Count)
            {
                TV value = Feistel(TV.AddBits(TV.CreateBits(Start + (int)i), TV.LaneIndices()));
                nint n = Math.Min(TV.Count, end - i);
                TV lanes = VectorMath.FirstLanes<TV>(n);
                while (true)
                {
                    // The sign of value - count tells which lanes are inside.
                    TV inside = TV.ShiftRight(TV.AddBits(value, minusCount), 31);
                    if (!TV.Any(lanes & (inside ^ TV.CreateBits(-1))))
                    {
                        break;
                    }

                    value = TV.Select(inside, value, Feistel(value));
                }

                TV.StorePartial((float*)(Destination + i), n, value);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TV Feistel<TV>(TV value)
            where TV : struct, IVector<TV>
        {
            TV lowMask = TV.CreateBits((1 << Low) - 1), highMask = TV.CreateBits((1 << High) - 1);
            TV left = TV.ShiftRightLogical(value, Low), right = value & lowMask;
            for (int round = 0; round < Rounds; round += 2)
            {
                left ^= Mix(right, Keys[round]) & highMask;
                right ^= Mix(left, Keys[round + 1]) & lowMask;
            }

            return TV.ShiftLeft(left, Low) | right;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Mix<TV>(TV x, uint key)
            where TV : struct, IVector<TV>
        {
            x = TV.MultiplyBits(x ^ TV.CreateBits((int)key), TV.CreateBits(unchecked((int)0x9E3779B1)));
            x ^= TV.ShiftRightLogical(x, 15);
            x = TV.MultiplyBits(x, TV.CreateBits(unchecked((int)0x85EBCA77)));
            return x ^ TV.ShiftRightLogical(x, 16);
        }
    }
}
